#pragma once
// importlib's lock of a module in work.

#include "engine/py/object.h"

namespace fastest::rewrite {

/// Holds importlib's lock of a module: other threads that import it wait until it is left. One made and taken as
/// `importlib._bootstrap._ModuleLockManager` does, without Python calls where its locks have the form known of
/// CPython 3.10 to 3.14. No other thread may be alive when it is taken.
class ModuleLock {
public:
    explicit ModuleLock(py::handle name);
    /// Raises what importlib's lock raises.
    void leave();

private:
    py::object name_, lock_, reference_;
    py::object manager_;  // importlib's, where locks have another form
};

}  // namespace fastest::rewrite
