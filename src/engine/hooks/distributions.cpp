// Plugins that installed distributions offer as entry points.

#include "engine/hooks/manager.h"
#include "engine/py/module.h"

namespace fastest::hooks {

using namespace py::literals;

namespace {

bool wanted(handle self, handle entry, handle group, handle name) {
    if (!py::equal(py::get(entry, "group"_n), group)) return false;
    object own = py::get(entry, "name"_n);
    if (!py::is_none(name) && !py::equal(own, name)) return false;
    return py::is_none(py::call_method(self, "get_plugin"_n, own)) &&
           !py::truth(py::call_method(self, "is_blocked"_n, own));
}

object load_setuptools_entrypoints(py::Args a) {
    handle self = a[0];
    long long count = 0;
    for (object distribution : py::each(py::to_list(py::call(py::lookup("importlib.metadata", "distributions"_n)))))
        for (object entry : py::each(py::get(distribution, "entry_points"_n))) {
            if (!wanted(self, entry, a[1], a[2])) continue;
            object plugin = py::call_method(entry, "load"_n);
            py::call_method_kw(self, "register"_n, {plugin}, {{"name"_n, py::get(entry, "name"_n)}});
            py::append(py::get(self, "_plugin_distinfo"_n), py::tuple_of(plugin, distribution));
            ++count;
        }
    return py::integer(count);
}

object list_plugin_distinfo(py::Args a) {
    object pairs = py::new_list();
    for (object pair : py::each(py::get(a[0], "_plugin_distinfo"_n))) {
        object facade = py::call(py::global<"pluggy_compat", "DistFacade">(), py::item(pair, py::integer(1)));
        py::append(pairs, py::tuple_of(py::item(pair, py::integer(0)), facade));
    }
    return pairs;
}

object list_plugin_distributions(py::Args a) { return py::to_list(py::get(a[0], "_plugin_distinfo"_n)); }

object facade_dir(py::Args a) {
    object names = py::to_list(py::check(PyObject_Dir(py::get(a[0], "_dist"_n).ptr())));
    py::append(names, "_dist"_n);
    py::append(names, "project_name"_n);
    py::check(PyList_Sort(names.ptr()));
    return names;
}

object project_name(py::Args a) {
    return py::item(py::get(py::get(a[0], "_dist"_n), "metadata"_n), "name"_n);
}

}  // namespace

void define_distributions(py::ClassBuilder& cls) {
    cls.def("load_setuptools_entrypoints", "self, group, name=None", &load_setuptools_entrypoints,
            "Load and register the plugins of an entry point group; gives how many were loaded.")
        .def("list_plugin_distinfo", "self", &list_plugin_distinfo, "Pairs of plugin and distribution facade.")
        .def("list_plugin_distributions", "self", &list_plugin_distributions, "Pairs of plugin and distribution.");
}

FASTEST_MODULE(pluggy_compat, "pluggy._compat") {
    m.cls("DistFacade")
        .slots({"_dist"})
        .def("__init__", "self, dist",
             [](py::Args a) -> object {
                 py::set(a[0], "_dist"_n, a[1]);
                 return py::none();
             })
        .prop("project_name", &project_name)
        .def("__getattr__", "self, attr",
             [](py::Args a) -> object { return py::get(py::get(a[0], "_dist"_n), a[1]); })
        .def("__dir__", "self", &facade_dir)
        .doc("A distribution with the names that pkg_resources gave it.")
        .make();
}

}  // namespace fastest::hooks
