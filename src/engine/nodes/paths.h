#pragma once
// Cheap answers about `pathlib.Path` objects from their text.

#include "engine/py/object.h"

namespace fastest::nodes {

/// `str(path.relative_to(base))`, or null when `path` is not below `base`. "." when they are equal.
py::object relative_text(py::handle path, py::handle base);

}  // namespace fastest::nodes
