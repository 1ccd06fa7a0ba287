#pragma once
// The environment as Python code sees and patches it.

#include "engine/py/object.h"

namespace fastest::settings {

/// `os.environ.get(name)`.
inline py::object environment(const char* name) {
    using namespace py::literals;
    return py::call_method(py::lookup("os", "environ"_n), "get"_n, py::str(name));
}

}  // namespace fastest::settings
