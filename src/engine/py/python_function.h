#pragma once
// Functions written in Python, read without running code and without making a dict for them.

#include "engine/py/object.h"

namespace fastest::py {

/// The function of a bound method; anything else itself.
inline handle function_of(handle callable) {
    return PyMethod_Check(callable.ptr()) ? handle(PyMethod_GET_FUNCTION(callable.ptr())) : callable;
}

inline PyCodeObject* code_of(handle function) {
    return reinterpret_cast<PyCodeObject*>(PyFunction_GET_CODE(function.ptr()));
}

/// Whether a function has attributes: marks, what it wraps, or others that somebody gave it.
inline bool has_attributes(handle function) {
    const PyObject* attributes = reinterpret_cast<PyFunctionObject*>(function.ptr())->func_dict;
    return attributes && PyDict_GET_SIZE(attributes) > 0;
}

}  // namespace fastest::py
