#pragma once
// Between Python's paths and the file system's text.

#include <string>

#include "engine/py/pathlib_path.h"

namespace fastest::settings {

/// A str or a path object as the bytes that the file system knows.
inline std::string fs_text(py::handle path) {
    PyObject* bytes = nullptr;
    if (!PyUnicode_FSConverter(py::path_fspath(path).ptr(), &bytes)) throw nb::python_error();
    py::object owned = py::steal(bytes);
    return std::string(PyBytes_AS_STRING(bytes), static_cast<std::size_t>(PyBytes_GET_SIZE(bytes)));
}

inline py::object fs_str(std::string_view text) {
    return py::check(PyUnicode_DecodeFSDefaultAndSize(text.data(), static_cast<Py_ssize_t>(text.size())));
}

/// `pathlib.Path(text)`.
inline py::object make_path(std::string_view text) {
    using namespace py::literals;
    return py::call(py::pathlib_path(), fs_str(text));
}

}  // namespace fastest::settings
