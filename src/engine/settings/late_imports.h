#pragma once
// Submodules that pytest has imported when a suite starts.

#include "engine/py/object.h"

namespace fastest::settings {

/// Suites say `import importlib` and then `importlib.metadata`, which works where pytest has imported the submodule
/// before. Here it is imported when somebody asks the package for it. Until the config's clean-up for packages that are
/// not there yet.
void offer_late_imports(py::handle config);

}  // namespace fastest::settings
