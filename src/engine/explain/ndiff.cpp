#include "engine/explain/ndiff.h"

#include "diff/ndiff.h"
#include "engine/py/module.h"

namespace fastest::explain {
namespace {

using namespace py::literals;

std::u32string characters(py::handle line) {
    Py_ssize_t size = PyUnicode_GET_LENGTH(line.ptr());
    std::u32string text(static_cast<std::size_t>(size), U'\0');
    if (size && !PyUnicode_AsUCS4(line.ptr(), reinterpret_cast<Py_UCS4*>(text.data()), size, 0))
        throw nb::python_error();
    return text;
}

std::vector<std::u32string> lines_of(py::handle lines) {
    std::vector<std::u32string> result;
    for (py::object line : py::each(lines)) result.push_back(characters(line));
    return result;
}

diff::Pairing pairing_of_this_python() {
    if (!py::version::kMayPairNearbyLines) return diff::Pairing::kMostSimilar;
    static const bool nearby = [] {
        py::object code = py::get(py::get(py::lookup("difflib", "Differ"_n), "_fancy_replace"_n), "__code__"_n);
        return py::contains(py::get(code, "co_varnames"_n), py::str("WINDOW"));
    }();
    return nearby ? diff::Pairing::kNearby : diff::Pairing::kMostSimilar;
}

}  // namespace

std::vector<py::object> ndiff_lines(py::handle a, py::handle b) {
    std::vector<py::object> result;
    for (const std::u32string& line : diff::ndiff(lines_of(a), lines_of(b), pairing_of_this_python()))
        result.push_back(py::check(
            PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, line.data(), static_cast<Py_ssize_t>(line.size()))));
    return result;
}

}  // namespace fastest::explain
