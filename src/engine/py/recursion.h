#pragma once
// Native recursion over users' data, which may be nested as deep as they like.

#include "engine/py/object.h"

namespace fastest::py {

/// Begins a level of native calls, as Py_EnterRecursiveCall does, and heeds how much of the stack is left where the
/// interpreter's own limit is made for smaller frames. False with a RecursionError set, whose text ends in `where`.
bool enter_level(const char* where) noexcept;

/// One level while it lives. RecursionError when there are too many; `where`, like " while ...", ends its text. The
/// levels are those that pytest's functions would have: Python's own limit holds for them.
class Recursion {
public:
    explicit Recursion(const char* where);
    ~Recursion();
    Recursion(const Recursion&) = delete;
    Recursion& operator=(const Recursion&) = delete;
};

}  // namespace fastest::py
