#include "engine/hooks/manager.h"

#include "engine/hooks/plugin_attributes.h"
#include "engine/py/facades.h"
#include "engine/py/module.h"

namespace fastest::hooks {

using namespace py::literals;

namespace {

object initialise(py::Args a) {
    handle self = a[0];
    py::set(self, "project_name"_n, a[1]);
    py::set(self, "_name2plugin"_n, py::new_dict());
    py::set(self, "_plugin_distinfo"_n, py::new_list());
    py::set(self, "hook"_n, py::call(py::global<"pluggy_caller", "HookRelay">()));
    object tracer = py::call(py::global<"pluggy_tracing", "TagTracer">());
    py::set(self, "trace"_n, py::call_method(tracer, "get"_n, "pluginmanage"_n));
    py::set(self, "_inner_hookexec"_n, multicall_function());
    return py::none();
}

object hookexec(py::Args a) {
    return py::call(py::get(a[0], "_inner_hookexec"_n), a[1], a[2], a[3], a[4]);
}

object add_hookspecs(py::Args a) {
    handle self = a[0], holder = a[1];
    bool found = false;
    object relay = py::get(self, "hook"_n);
    object names = py::is_untouched(holder) ? py::untouched_specs(holder) : py::held_names(holder);
    for (object name : py::each(names)) {
        object opts = py::call_method(self, "parse_hookspec_opts"_n, holder, name);
        if (py::is_none(opts)) continue;
        found = true;
        object caller = find_caller(self, name);
        if (!caller.is_valid()) {
            caller = make_caller(name, py::get(self, "_hookexec"_n));
            set_specification(as_caller(caller), holder, opts);
            py::set(relay, name, caller);
            continue;
        }
        set_specification(as_caller(caller), holder, opts);
        for (object impl : py::each(py::call_method(caller, "get_hookimpls"_n)))
            py::call_method(self, "_verify_hook"_n, caller, impl);
    }
    if (!found)
        py::raise(PyExc_ValueError, py::cat("did not find any ", py::repr_of(py::get(self, "project_name"_n)), " hooks in ",
                                            py::repr_of(holder)));
    return py::none();
}

object parse_opts(py::Args a, const char* suffix) {
    HookFunction function = hook_function(a[1], a[2]);
    if (!function.marked.is_valid()) return py::none();
    object options = marker_options(function.marked, py::strcat(py::get(a[0], "project_name"_n), suffix));
    return options.is_valid() ? options : py::none();
}

object subset_hook_caller(py::Args a) {
    object orig = py::get(py::get(a[0], "hook"_n), a[1]);
    object removed = py::check(PySet_New(nullptr));
    object impls = caller_impls(as_caller(orig));
    for (object plugin : py::each(a[2]))
        for (Py_ssize_t i = 0; i < PyList_GET_SIZE(impls.ptr()); ++i)
            if (as_impl(PyList_GET_ITEM(impls.ptr(), i))->plugin == plugin.ptr()) {
                py::check(PySet_Add(removed.ptr(), plugin.ptr()));
                break;
            }
    return PySet_GET_SIZE(removed.ptr()) ? make_subset_caller(orig, removed) : orig;
}

}  // namespace

object find_caller(handle manager, handle name) {
    object found = py::try_get(py::get(manager, "hook"_n), name);
    return found.is_valid() && !py::is_none(found) ? found : object();
}

FASTEST_MODULE(pluggy_manager, "pluggy._manager") {
    m.cls("PluginValidationError", {PyExc_Exception})
        .def("__init__", "self, plugin, message",
             [](py::Args a) -> object {
                 py::set(a[0], "args"_n, py::tuple_of(a[2]));
                 py::set(a[0], "plugin"_n, a[1]);
                 return py::none();
             })
        .doc("A plugin does not fit: `plugin` is the offender.")
        .make();
    py::ClassBuilder cls = m.cls("PluginManager", {reinterpret_cast<PyObject*>(manager_core_type())});
    cls.def("__init__", "self, project_name", &initialise)
        .def("_hookexec", "self, hook_name, methods, kwargs, firstresult", &hookexec)
        .def("add_hookspecs", "self, module_or_class", &add_hookspecs,
             "Declare the hooks that the functions marked in a module or class specify.")
        .def("parse_hookspec_opts", "self, module_or_class, name",
             [](py::Args a) -> object { return parse_opts(a, "_spec"); },
             "The specification's options of an attribute, or None. To be overridden.")
        .def("parse_hookimpl_opts", "self, plugin, name", [](py::Args a) -> object { return parse_opts(a, "_impl"); },
             "The implementation's options of a plugin's attribute, or None. To be overridden.")
        .def("subset_hook_caller", "self, name, remove_plugins", &subset_hook_caller,
             "A caller of the hook `name` that leaves some plugins out.")
        .doc("Manages plugins and makes hooks callable.\n\n`project_name` is the prefix of the markers' attributes.");
    define_registration(cls);
    define_queries(cls);
    define_monitoring(cls);
    define_distributions(cls);
    object made = cls.make();
    m.attr("_hookexec", py::get(made, "_hookexec"_n));
    m.def("_static_hook_attr", "obj, name", [](py::Args a) -> object {
        HookFunction function = hook_function(a[0], a[1]);
        return function.marked.is_valid() ? py::tuple_of(function.marked, function.callable) : py::none();
    });
    m.def("_get_marker_opts", "holder, attrname", [](py::Args a) -> object {
        object options = marker_options(a[0], a[1]);
        return options.is_valid() ? options : py::none();
    });
}

}  // namespace fastest::hooks
