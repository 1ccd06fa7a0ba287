#include "engine/hooks/result.h"

#include "engine/py/module.h"

namespace fastest::hooks {

using namespace py::literals;

namespace {

PyMemberDef kMembers[] = {
    {"_result", T_OBJECT_EX, offsetof(Result, result), 0, nullptr},
    {"_exception", T_OBJECT_EX, offsetof(Result, exception), 0, nullptr},
    {"_traceback", T_OBJECT_EX, offsetof(Result, traceback), 0, nullptr},
    {nullptr, 0, 0, 0, nullptr},
};

Result* self_of(py::Args a) { return py::as_record<Result>(a[0]); }

void set_outcome(Result* self, handle result, handle exception) {
    object traceback = py::none();
    if (!py::is_none(exception)) traceback = py::get(exception, "__traceback__"_n);
    py::store(self->result, result);
    py::store(self->exception, exception);
    py::store(self->traceback, traceback);
}

object initialise(py::Args a) {
    set_outcome(self_of(a), a[1], a[2]);
    return py::none();
}

object excinfo(py::Args a) {
    object exception = py::get(a[0], "_exception"_n);
    if (py::is_none(exception)) return py::none();
    return py::tuple_of(py::type_of(exception), exception, py::get(a[0], "_traceback"_n));
}

object from_call(py::Args a) {
    object value = py::none();
    object exception = py::none();
    try {
        value = py::call(a[1]);
    } catch (const nb::python_error& error) {
        exception = py::borrow(error.value());
    }
    return py::call(a[0], value, exception);
}

object force_result(py::Args a) {
    set_outcome(self_of(a), a[1], Py_None);
    return py::none();
}

object force_exception(py::Args a) {
    set_outcome(self_of(a), Py_None, a[1]);
    return py::none();
}

object get_result(py::Args a) { return py::check(result_or_raise(self_of(a))); }

}  // namespace

PyTypeObject* result_type() {
    static PyTypeObject* type = py::make_record<Result>("pluggy._result.Result", kMembers);
    return type;
}

object make_result(handle result, handle exception) {
    PyTypeObject* type = result_type();
    py::global<"pluggy_result", "Result">();
    object self = py::check(type->tp_alloc(type, 0));
    set_outcome(py::as_record<Result>(self), result, exception.ptr() ? exception : handle(Py_None));
    return self;
}

PyObject* result_or_raise(Result* result) {
    if (!result->exception || result->exception == Py_None) return py::share(result->result ? result->result : Py_None);
    object exception = py::borrow(result->exception);
    if (!PyExceptionInstance_Check(exception.ptr())) {
        PyErr_SetString(PyExc_TypeError, "exceptions must derive from BaseException");
        return nullptr;
    }
    PyObject* traceback = result->traceback ? result->traceback : Py_None;
    if (PyException_SetTraceback(exception.ptr(), traceback) < 0) return nullptr;
    PyErr_SetObject(py::type_of(exception).ptr(), exception.ptr());
    return nullptr;
}

FASTEST_MODULE(pluggy_result, "pluggy._result") {
    m.cls("HookCallError", {PyExc_Exception}).doc("Hook was called incorrectly.").make();
    m.extend("Result", reinterpret_cast<PyObject*>(result_type()))
        .def("__init__", "self, result, exception", &initialise)
        .prop("excinfo", &excinfo)
        .prop("exception", [](py::Args a) -> object { return py::get(a[0], "_exception"_n); })
        .classmethod("from_call", "cls, func", &from_call)
        .def("force_result", "self, result", &force_result, "Force the result to be `result`; clears an exception.")
        .def("force_exception", "self, exception", &force_exception, "Force the outcome to fail with `exception`.")
        .def("get_result", "self", &get_result, "The result of the call; raises its exception if there is one.")
        .generic()
        .doc("The outcome of a hook call that an old-style wrapper surrounds.")
        .make();
}

}  // namespace fastest::hooks
