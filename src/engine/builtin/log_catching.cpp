// `catching_logs`: a handler on the root logger and on every logger that does not pass its records on to it.

#include "engine/builtin/log_catching.h"

namespace fastest::builtin {

namespace {

object logging(handle name) { return py::lookup("logging", name); }

/// Puts the handler on a logger. Plain loggers' lists are edited directly: that is what `addHandler` does.
void attach(handle logger, handle handler, handle plain_class, handle attached) {
    if (!py::type_of(logger).is(plain_class)) {
        py::call_method(logger, "addHandler"_n, handler);
    } else {
        object handlers = py::get(logger, "handlers"_n);
        if (!py::contains(handlers, handler)) py::append(handlers, handler);
    }
    py::append(attached, logger);
}

object enter(py::Args a) {
    handle self = a[0];
    object handler = py::get(self, "handler"_n), level = py::get(self, "level"_n);
    if (!py::is_none(level)) py::call_method(handler, "setLevel"_n, level);
    object root = logging("root"_n), plain = logging("Logger"_n);
    object attached = py::get(self, "attached_loggers"_n);
    py::call_method(root, "addHandler"_n, handler);
    py::append(attached, root);
    object loggers = py::get(py::get(root, "manager"_n), "loggerDict"_n);
    PyObject *name, *logger;
    for (Py_ssize_t at = 0; PyDict_Check(loggers.ptr()) && PyDict_Next(loggers.ptr(), &at, &name, &logger);) {
        if (!PyObject_TypeCheck(logger, reinterpret_cast<PyTypeObject*>(plain.ptr()))) continue;
        object keep = py::borrow(logger);
        if (!py::truth(py::get(keep, "propagate"_n))) attach(keep, handler, plain, attached);
    }
    if (!py::is_none(level)) {
        object original = py::get(root, "level"_n);
        py::set(self, "orig_level"_n, original);
        bool lower = py::truth(py::check(PyObject_RichCompare(level.ptr(), original.ptr(), Py_LT)));
        py::call_method(root, "setLevel"_n, lower ? level : original);
    }
    return handler;
}

object leave(py::Args a) {
    handle self = a[0];
    if (!py::is_none(py::get(self, "level"_n)))
        py::call_method(logging("root"_n), "setLevel"_n, py::get(self, "orig_level"_n));
    object handler = py::get(self, "handler"_n), attached = py::get(self, "attached_loggers"_n);
    for (object logger : py::each(attached)) py::call_method(logger, "removeHandler"_n, handler);
    py::call_method(attached, "clear"_n);
    return py::none();
}

}  // namespace

object start_catching(handle handler, handle level) {
    object catching = py::call(py::global<"log_catching", "catching_logs">(), handler, level);
    py::call_method(catching, "__enter__"_n);
    return catching;
}

void stop_catching(handle catching) {
    py::call_method(catching, "__exit__"_n, handle(Py_None), handle(Py_None), handle(Py_None));
}

FASTEST_MODULE(log_catching, "_pytest.logging") {
    m.cls("catching_logs")
        .slots({"attached_loggers", "handler", "level", "orig_level"})
        .def("__init__", "self, handler, level=None",
             [](py::Args a) -> object {
                 py::set(a[0], "handler"_n, a[1]);
                 py::set(a[0], "level"_n, a[2]);
                 py::set(a[0], "attached_loggers"_n, py::new_list());
                 return py::none();
             })
        .def("__enter__", "self", &enter)
        .def("__exit__", "self, exc_type, exc_val, exc_tb", &leave)
        .generic()
        .doc("A context in which a handler gets all log records of at least `level`.")
        .make();
}

}  // namespace fastest::builtin
