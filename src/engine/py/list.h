#pragma once
// Lists of others: real lists by the C API, everything else by its methods.

#include "engine/py/object.h"

namespace fastest::py {

/// `list.pop()` of one that is not empty.
inline object pop_last(handle list) {
    if (!PyList_CheckExact(list.ptr())) return call_method(list, operator""_n<"pop">());
    Py_ssize_t last = PyList_GET_SIZE(list.ptr()) - 1;
    object value = borrow(PyList_GET_ITEM(list.ptr(), last));
    check(PyList_SetSlice(list.ptr(), last, last + 1, nullptr));
    return value;
}

/// `list.append(value)`.
inline void append_to(handle list, handle value) {
    if (PyList_CheckExact(list.ptr()))
        append(list, value);
    else
        call_method(list, operator""_n<"append">(), value);
}

}  // namespace fastest::py
