#pragma once
// Files of code objects.

#include "engine/py/module.h"

namespace fastest::explain {

/// `Code(code).path`: an absolute `Path`, or the bare name as a str when no such file exists.
py::object code_file(py::handle code);

}  // namespace fastest::explain
