// Questions to a plugin manager.

#include "engine/hooks/manager.h"
#include "engine/py/module.h"

namespace fastest::hooks {

using namespace py::literals;

namespace {

object names_of(handle self) { return py::get(self, "_name2plugin"_n); }

object get_plugins(py::Args a) {
    object plugins = py::check(PySet_New(nullptr));
    for (object plugin : py::each(py::check(PyDict_Values(names_of(a[0]).ptr()))))
        if (!py::is_none(plugin)) py::check(PySet_Add(plugins.ptr(), plugin.ptr()));
    return plugins;
}

object get_name(py::Args a) {
    if (py::is_none(a[1])) return py::none();
    object table = names_of(a[0]);
    for (object name : py::each(py::to_list(table))) {
        object plugin = py::dict_get(table, name);
        if (plugin.is_valid() && py::equal(plugin, a[1])) return name;
    }
    return py::none();
}

object is_registered(py::Args a) {
    if (py::is_none(a[1])) return py::boolean(false);
    for (object plugin : py::each(py::check(PyDict_Values(names_of(a[0]).ptr()))))
        if (py::equal(plugin, a[1])) return py::boolean(true);
    return py::boolean(false);
}

object get_canonical_name(py::Args a) {
    object name = py::get_or(a[1], "__name__"_n, Py_None);
    if (py::truth(name)) return name;
    return py::strcat(reinterpret_cast<std::uintptr_t>(a[1].ptr()));
}

object get_plugin(py::Args a) {
    object found = py::dict_get(names_of(a[0]), a[1]);
    return found.is_valid() ? found : py::none();
}

object has_plugin(py::Args a) {
    return py::boolean(!py::is_none(py::call_method(a[0], "get_plugin"_n, a[1])));
}

object list_name_plugin(py::Args a) { return py::check(PyDict_Items(names_of(a[0]).ptr())); }

object get_hookcallers(py::Args a) {
    if (py::is_none(py::call_method(a[0], "get_name"_n, a[1]))) return py::none();
    object callers = py::new_list();
    object table = py::get(py::get(a[0], "hook"_n), "__dict__"_n);
    for (object caller : py::each(py::check(PyDict_Values(table.ptr())))) {
        object impls = caller_impls(as_caller(caller));
        for (Py_ssize_t i = 0; i < PyList_GET_SIZE(impls.ptr()); ++i) {
            if (as_impl(PyList_GET_ITEM(impls.ptr(), i))->plugin != a[1].ptr()) continue;
            py::append(callers, caller);
            break;
        }
    }
    return callers;
}

}  // namespace

void define_queries(py::ClassBuilder& cls) {
    cls.def("get_plugins", "self", &get_plugins, "The set of registered plugins.")
        .def("is_registered", "self, plugin", &is_registered)
        .def("get_canonical_name", "self, plugin", &get_canonical_name,
             "The name a plugin gets when none is given: its `__name__`, else its id.")
        .def("get_plugin", "self, name", &get_plugin, "The plugin registered under a name, or None.")
        .def("has_plugin", "self, name", &has_plugin)
        .def("get_name", "self, plugin", &get_name, "The name a plugin is registered under, or None.")
        .def("list_name_plugin", "self", &list_name_plugin, "Pairs of name and plugin; blocked names have None.")
        .def("get_hookcallers", "self, plugin", &get_hookcallers,
             "The hook callers that a plugin implements; None when it is not registered.");
}

}  // namespace fastest::hooks
