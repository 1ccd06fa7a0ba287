#include "engine/run/known.h"

#include <frameobject.h>

namespace fastest::run {

object bare_instance(handle cls) {
    static PyObject* no_args = PyTuple_New(0);
    return check(PyBaseObject_Type.tp_new(reinterpret_cast<PyTypeObject*>(cls.ptr()), no_args, nullptr));
}

object base_exception_group() { return lookup(version::kGroupsModule, "BaseExceptionGroup"_n); }

object exception_group() { return lookup(version::kGroupsModule, "ExceptionGroup"_n); }

bool is_test_outcome(handle exception) {
    return PyObject_TypeCheck(exception.ptr(), reinterpret_cast<PyTypeObject*>(PyExc_Exception)) ||
           is_instance(exception, known<"_pytest.outcomes", "OutcomeException">());
}

void assertion_failed(std::string_view message) {
    if (message.empty()) raise_exception(call(handle(PyExc_AssertionError)));
    raise(PyExc_AssertionError, message);
}

void leave(handle manager) { call_method(manager, "__exit__"_n, Py_None, Py_None, Py_None); }

bool leave(handle manager, handle exception) {
    object traceback = steal(PyException_GetTraceback(exception.ptr()));
    if (!traceback.is_valid()) traceback = none();
    return truth(call_method(manager, "__exit__"_n, type_of(exception), exception, traceback));
}

void raise_from_facade(handle exception, const char* module, const char* function, int line) {
    object source = import_module(module);
    object names = get(source, "__dict__"_n);
    std::string file = text_of(get_or(source, "__file__"_n, str(module)));
    object code = check(reinterpret_cast<PyObject*>(PyCode_NewEmpty(file.c_str(), function, line)));
    object frame = check(reinterpret_cast<PyObject*>(
        PyFrame_New(PyThreadState_Get(), reinterpret_cast<PyCodeObject*>(code.ptr()), names.ptr(), nullptr)));
    PyErr_SetObject(type_of(exception).ptr(), exception.ptr());
    PyTraceBack_Here(reinterpret_cast<PyFrameObject*>(frame.ptr()));
    throw nb::python_error();
}

}  // namespace fastest::run
