// `hookspec` and `hookimpl`: decorators that leave options on functions for a plugin manager to find.

#include "engine/py/module.h"

namespace fastest::hooks {

using namespace py::literals;
using py::handle;
using py::object;

namespace {

object initialise(py::Args a) {
    py::set(a[0], "project_name"_n, a[1]);
    return py::none();
}

/// `closure`: (attribute name, options).
object decorate(py::Args a) {
    handle name = PyTuple_GET_ITEM(a.closure().ptr(), 0);
    object opts = py::check(PyDict_Copy(PyTuple_GET_ITEM(a.closure().ptr(), 1)));
    object historic = py::dict_get(opts, "historic"_n);
    if (historic.is_valid() && py::truth(historic) && py::truth(py::dict_get(opts, "firstresult"_n)))
        py::raise(PyExc_ValueError, "cannot have a historic firstresult hook");
    py::set(a[0], name, opts);
    return py::borrow(a[0]);
}

/// Marks the function, or gives a decorator when there is none yet.
object mark(py::Args a, const char* suffix, const char* decorator, handle opts) {
    object name = py::strcat(py::get(a[0], "project_name"_n), suffix);
    object decorating = py::make_function(decorator, "func", &decorate, py::tuple_of(name, opts));
    return py::is_none(a[1]) ? decorating : py::call(decorating, a[1]);
}

object hookspec(py::Args a) {
    object opts = py::new_dict();
    std::size_t at = 2;
    for (handle name : {"firstresult"_n, "historic"_n, "warn_on_impl"_n, "warn_on_impl_args"_n})
        py::dict_set(opts, name, a[at++]);
    return mark(a, "_spec", "setattr_hookspec_opts", opts);
}

object hookimpl(py::Args a) {
    object opts = py::new_dict();
    py::dict_set(opts, "wrapper"_n, a[7]);
    py::dict_set(opts, "hookwrapper"_n, a[2]);
    py::dict_set(opts, "optionalhook"_n, a[3]);
    py::dict_set(opts, "tryfirst"_n, a[4]);
    py::dict_set(opts, "trylast"_n, a[5]);
    py::dict_set(opts, "specname"_n, a[6]);
    return mark(a, "_impl", "setattr_hookimpl_opts", opts);
}

}  // namespace

FASTEST_MODULE(pluggy_markers, "pluggy._decorators") {
    m.cls("HookspecMarker")
        .slots({"project_name"})
        .def("__init__", "self, project_name", &initialise)
        .def("__call__",
             "self, function=None, firstresult=False, historic=False, warn_on_impl=None, warn_on_impl_args=None", &hookspec)
        .doc("Decorator for functions that specify hooks of a project.\n\n"
             "firstresult: a call ends with the first result that is not None.\n"
             "historic: calls are replayed to plugins that are registered later.\n"
             "warn_on_impl, warn_on_impl_args: warnings given when a plugin implements the hook, or asks for an argument.")
        .make();
    m.cls("HookimplMarker")
        .slots({"project_name"})
        .def("__init__", "self, project_name", &initialise)
        .def("__call__",
             "self, function=None, hookwrapper=False, optionalhook=False, tryfirst=False, trylast=False, specname=None, "
             "wrapper=False",
             &hookimpl)
        .doc("Decorator for functions that implement hooks of a project.\n\n"
             "optionalhook: nobody need have specified the hook.\n"
             "tryfirst, trylast: the place among the implementations.\n"
             "wrapper: a generator function that surrounds the call; its yield gives the result or raises.\n"
             "hookwrapper: the same in the old style; its yield gives a `Result`.\n"
             "specname: the hook's name, when it is not the function's.")
        .make();
}

}  // namespace fastest::hooks
