#pragma once
// Native recursion over users' data, which may be nested as deep as they like.

#include "engine/py/object.h"

namespace fastest::py {

/// One level while it lives. RecursionError when there are too many; `where`, like " while ...", ends its text.
class Recursion {
public:
    explicit Recursion(const char* where) {
        if (Py_EnterRecursiveCall(where)) throw nb::python_error();
    }
    ~Recursion() { Py_LeaveRecursiveCall(); }
    Recursion(const Recursion&) = delete;
    Recursion& operator=(const Recursion&) = delete;
};

}  // namespace fastest::py
