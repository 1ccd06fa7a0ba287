#include "engine/nodes/paths.h"

#include "engine/py/pathlib_path.h"

namespace fastest::nodes {

using namespace py::literals;
using py::object;

namespace {

bool is_plain_absolute(std::string_view text) { return text.starts_with('/') && !text.starts_with("//"); }

}  // namespace

object relative_text(py::handle path, py::handle base) {
    if (Py_TYPE(path.ptr()) == Py_TYPE(base.ptr())) {
        std::string whole = py::text(py::path_str(path)), start = py::text(py::path_str(base));
        if (is_plain_absolute(whole) && is_plain_absolute(start)) {
            if (whole == start) return py::str(".");
            if (!start.ends_with('/')) start += '/';
            if (!whole.starts_with(start)) return {};
            return py::str(std::string_view(whole).substr(start.size()));
        }
    }
    try {
        return py::to_str(py::call_method(path, "relative_to"_n, base));
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_ValueError)) throw;
        return {};
    }
}

}  // namespace fastest::nodes
