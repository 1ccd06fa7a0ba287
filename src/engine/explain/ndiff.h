#pragma once
// Line diffs of Python strings.

#include <vector>

#include "engine/py/object.h"

namespace fastest::explain {

/// `list(difflib.ndiff(a, b))` of lists of str, as the running Python's difflib would give it.
std::vector<py::object> ndiff_lines(py::handle a, py::handle b);

}  // namespace fastest::explain
