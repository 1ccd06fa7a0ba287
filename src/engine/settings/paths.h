#pragma once
// Between Python's paths and the file system's text.

#include <string>

#include "engine/py/pathlib_path.h"
#include "engine/py/system_path.h"

namespace fastest::settings {

using py::fs_str;
using py::fs_text;

/// `pathlib.Path(text)`.
inline py::object make_path(std::string_view text) {
    using namespace py::literals;
    return py::call(py::system_path(), fs_str(text));
}

}  // namespace fastest::settings
