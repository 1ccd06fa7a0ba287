// Watching hook calls: monitoring callbacks around each call, and the trace made of them.

#include "engine/hooks/manager.h"
#include "engine/hooks/result.h"
#include "engine/py/module.h"

namespace fastest::hooks {

using namespace py::literals;

namespace {

/// `closure`: (before, after, the executor that was installed).
object watched_call(py::Args a) {
    handle before = PyTuple_GET_ITEM(a.closure().ptr(), 0);
    handle after = PyTuple_GET_ITEM(a.closure().ptr(), 1);
    handle inner = PyTuple_GET_ITEM(a.closure().ptr(), 2);
    py::call(before, a[0], a[1], a[2]);
    object outcome;
    try {
        outcome = make_result(py::call(inner, a[0], a[1], a[2], a[3]), handle());
    } catch (const nb::python_error& error) {
        outcome = make_result(Py_None, error.value());
    }
    py::call(after, outcome, a[0], a[1], a[2]);
    return py::check(result_or_raise(py::as_record<Result>(outcome)));
}

/// `closure`: (manager, executor to put back).
object undo(py::Args a) {
    py::set(PyTuple_GET_ITEM(a.closure().ptr(), 0), "_inner_hookexec"_n, PyTuple_GET_ITEM(a.closure().ptr(), 1));
    return py::none();
}

object add_hookcall_monitoring(py::Args a) {
    object inner = py::get(a[0], "_inner_hookexec"_n);
    object watched = py::make_function("traced_hookexec", "hook_name, hook_impls, caller_kwargs, firstresult",
                                       &watched_call, py::tuple_of(a[1], a[2], inner));
    py::set(a[0], "_inner_hookexec"_n, watched);
    return py::make_function("undo", "", &undo, py::tuple_of(a[0], inner));
}

void shift_indent(handle tracer, int by) {
    object root = py::get(tracer, "root"_n);
    py::set(root, "indent"_n, py::integer(py::to_int(py::get(root, "indent"_n)) + by));
}

/// The closures are the "hook" tracer.
object trace_before(py::Args a) {
    shift_indent(a.closure(), 1);
    py::call(a.closure(), a[0], a[2]);
    return py::none();
}

object trace_after(py::Args a) {
    if (py::is_none(py::get(a[0], "exception"_n)))
        py::call(a.closure(), "finish"_n, a[1], "-->"_n, py::call_method(a[0], "get_result"_n));
    shift_indent(a.closure(), -1);
    return py::none();
}

object enable_tracing(py::Args a) {
    object root = py::get(py::get(a[0], "trace"_n), "root"_n);
    object tracer = py::call_method(root, "get"_n, "hook"_n);
    object before = py::make_function("before", "hook_name, methods, kwargs", &trace_before, tracer);
    object after = py::make_function("after", "outcome, hook_name, methods, kwargs", &trace_after, tracer);
    return py::call_method(a[0], "add_hookcall_monitoring"_n, before, after);
}

}  // namespace

void define_monitoring(py::ClassBuilder& cls) {
    cls.def("add_hookcall_monitoring", "self, before, after", &add_hookcall_monitoring,
            "Call `before(hook_name, hook_impls, kwargs)` and `after(outcome, hook_name, hook_impls, kwargs)` around\n"
            "every hook call. Gives a function that ends this.")
        .def("enable_tracing", "self", &enable_tracing, "Trace hook calls; gives a function that ends this.");
}

}  // namespace fastest::hooks
