// Installed distributions, found natively while nobody has changed what `importlib.metadata` would find.

#include "engine/settings/config.h"
#include "engine/settings/paths.h"

namespace fastest::settings {
namespace {

using namespace py::literals;
using py::Args;
using py::handle;
using py::object;

/// Whether `importlib.metadata.distributions` is the library's own.
bool is_unpatched() {
    object module = py::dict_get(PyImport_GetModuleDict(), py::str("importlib.metadata"));
    if (!module.is_valid()) return true;
    object function = py::try_get(module, "distributions"_n);
    if (!function.is_valid() || !PyFunction_Check(function.ptr())) return false;
    return PyFunction_GetGlobals(function.ptr()) == PyModule_GetDict(module.ptr());
}

/// Whether a finder on `sys.meta_path` gives no distributions but those in the folders of `sys.path`.
bool is_plain_finder(handle finder) {
    if (!py::has(finder, "find_distributions"_n)) return true;
    object module = py::get_or(finder, "__module__"_n, Py_None);
    if (!py::is_str(module)) return false;
    std::string name = py::text(module);
    return name == "_frozen_importlib_external" || name == "fastest.facade";
}

/// The real distribution, made once for what is not answered natively.
object real_distribution(handle self) {
    object made = py::try_get(self, "_real"_n);
    if (made.is_valid()) return made;
    made = py::call(py::lookup("importlib.metadata", "PathDistribution"_n), py::get(self, "_path"_n));
    py::set(self, "_real"_n, made);
    return made;
}

std::optional<std::string> header(handle self, const char* name) {
    return config::Distribution(fs_text(py::get(self, "_path"_n))).header(name);
}

object distribution_version(Args a) {
    if (auto version = header(a[0], "Version")) return py::str(*version);
    return py::get(real_distribution(a[0]), "version"_n);
}

object distribution_name(Args a) {
    if (auto name = header(a[0], "Name")) return py::str(*name);
    return py::get(real_distribution(a[0]), "name"_n);
}

object get_metadata(Args a) { return py::call(py::global<"distributions", "Metadata">(), a[0]); }

object metadata_item(Args a) {
    object distribution = py::get(a[0], "_distribution"_n);
    std::string key = py::is_str(a[1]) ? py::text(py::call_method(a[1], "lower"_n)) : std::string();
    if (key == "name") return py::get(distribution, "name"_n);
    if (key == "version") return py::get(distribution, "version"_n);
    return py::item(py::get(real_distribution(distribution), "metadata"_n), a[1]);
}

object set_attribute(handle self, handle name, handle value) {
    py::set(self, name, value);
    return py::none();
}

object real_metadata(handle self) {
    return py::get(real_distribution(py::get(self, "_distribution"_n)), "metadata"_n);
}

FASTEST_MODULE(distributions, "_pytest.config") {
    m.cls("Distribution")
        .def("__init__", "self, path", [](Args a) { return set_attribute(a[0], "_path"_n, a[1]); })
        .prop("metadata", get_metadata)
        .prop("version", distribution_version)
        .prop("name", distribution_name)
        .def("__getattr__", "self, name", [](Args a) {
            if (py::text(a[1]).starts_with("__") || PyUnicode_CompareWithASCIIString(a[1].ptr(), "_real") == 0 ||
                PyUnicode_CompareWithASCIIString(a[1].ptr(), "_path") == 0)
                py::raise(PyExc_AttributeError, py::text(a[1]));
            return py::get(real_distribution(a[0]), a[1]);
        })
        .def("__dir__", "self", [](Args a) { return py::check(PyObject_Dir(real_distribution(a[0]).ptr())); })
        .doc("An installed distribution. Name and version are read natively, the rest by importlib.metadata.")
        .make();
    m.cls("Metadata")
        .def("__init__", "self, distribution", [](Args a) { return set_attribute(a[0], "_distribution"_n, a[1]); })
        .def("__getitem__", "self, key", metadata_item)
        .def("__contains__", "self, key", [](Args a) { return py::boolean(py::contains(real_metadata(a[0]), a[1])); })
        .def("__iter__", "self", [](Args a) { return py::check(PyObject_GetIter(real_metadata(a[0]).ptr())); })
        .def("__len__", "self", [](Args a) { return py::integer(py::length(real_metadata(a[0]))); })
        .def("__getattr__", "self, name", [](Args a) {
            if (py::text(a[1]).starts_with("__") || PyUnicode_CompareWithASCIIString(a[1].ptr(), "_distribution") == 0)
                py::raise(PyExc_AttributeError, py::text(a[1]));
            return py::get(real_metadata(a[0]), a[1]);
        })
        .make();
}

}  // namespace

std::optional<std::vector<config::Distribution>> native_distributions() {
    if (!is_unpatched()) return std::nullopt;
    for (object finder : py::each(py::lookup("sys", "meta_path"_n)))
        if (!is_plain_finder(finder)) return std::nullopt;
    std::vector<std::string> search_path;
    for (object entry : py::each(py::lookup("sys", "path"_n)))
        if (py::is_str(entry)) search_path.push_back(fs_text(entry));
    return config::find_distributions(search_path);
}

object make_distribution(const config::Distribution& distribution) {
    return py::call(py::global<"distributions", "Distribution">(), make_path(distribution.path()));
}

}  // namespace fastest::settings
