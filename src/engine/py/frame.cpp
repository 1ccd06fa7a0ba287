#include "engine/py/frame.h"

#include <frameobject.h>

namespace fastest::py {
namespace {

/// What raising the exception in a frame of the module would leave behind.
object traceback_in(handle module, const char* function, handle inner) {
    std::string file = text_of(get_or(module, "__file__"_n, "<engine>"_n));
    object code = check(reinterpret_cast<PyObject*>(PyCode_NewEmpty(file.c_str(), function, 1)));
    object globals = get(module, "__dict__"_n);
    object frame = check(reinterpret_cast<PyObject*>(PyFrame_New(
        PyThreadState_Get(), reinterpret_cast<PyCodeObject*>(code.ptr()), globals.ptr(), nullptr)));
    return call(lookup("types", "TracebackType"_n), inner, frame, integer(0), integer(1));
}

}  // namespace

void ensure_traceback(handle exception, const char* module, const char* function) {
    object known = steal(PyException_GetTraceback(exception.ptr()));
    if (known.is_valid() && !is_none(known)) return;  // `with_traceback(None)` leaves a None
    add_traceback(exception, module, function);
}

void add_traceback(handle exception, const char* module, const char* function) {
    object inner = steal(PyException_GetTraceback(exception.ptr()));
    object traceback = traceback_in(import_module(module), function, inner.is_valid() ? inner : none());
    check(PyException_SetTraceback(exception.ptr(), traceback.ptr()));
}

}  // namespace fastest::py
