#pragma once
// The only place that knows how CPython 3.10 to 3.14 differ. Everything here exists on all of them.

#include "engine/py/name.h"

namespace fastest::py::version {

/// A number that changes when a class or a base of it does; 0 while there is none.
inline unsigned type_tag(PyTypeObject* type) {
    return type->tp_flags & Py_TPFLAGS_VALID_VERSION_TAG ? type->tp_version_tag : 0;
}

/// Whether `warnings.filters` and its neighbours are the module's alone; later versions keep them in contexts, too.
inline constexpr bool kGlobalWarningFilters = PY_VERSION_HEX < 0x030E0000;

/// Looks an attribute up without raising AttributeError: 1 found, 0 absent, -1 another error is set.
inline int optional_attribute(PyObject* object, PyObject* name, PyObject** result) {
#if PY_VERSION_HEX >= 0x030D0000
    return PyObject_GetOptionalAttr(object, name, result);
#else
    return _PyObject_LookupAttr(object, name, result);
#endif
}

/// The exception that is being handled (`sys.exc_info()[1]`), or null. Owned.
inline object handled_exception() {
#if PY_VERSION_HEX >= 0x030B0000
    return steal(PyErr_GetHandledException());
#else
    PyObject *type, *value, *traceback;
    PyErr_GetExcInfo(&type, &value, &traceback);
    Py_XDECREF(type);
    Py_XDECREF(traceback);
    if (value == Py_None) Py_CLEAR(value);
    return steal(value);
#endif
}

/// Makes `exception` (or null) the one that is being handled.
inline void set_handled_exception(handle exception) {
#if PY_VERSION_HEX >= 0x030B0000
    PyErr_SetHandledException(exception.ptr());
#else
    if (!exception.ptr()) {
        PyErr_SetExcInfo(nullptr, nullptr, nullptr);
        return;
    }
    PyObject* type = reinterpret_cast<PyObject*>(Py_TYPE(exception.ptr()));
    Py_INCREF(type);
    Py_INCREF(exception.ptr());
    PyErr_SetExcInfo(type, exception.ptr(), PyException_GetTraceback(exception.ptr()));
#endif
}

/// The code object's tuple of local names (`co_varnames`). Owned.
inline object code_varnames(handle code) {
#if PY_VERSION_HEX >= 0x030B0000
    return steal(PyCode_GetVarnames(reinterpret_cast<PyCodeObject*>(code.ptr())));
#else
    return steal(PyObject_GetAttrString(code.ptr(), "co_varnames"));
#endif
}

}  // namespace fastest::py::version
