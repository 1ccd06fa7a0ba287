#include "engine/py/recursion.h"

#include "engine/py/version.h"
#include "os/stack.h"

namespace fastest::py {
namespace {

thread_local int t_levels = 0;  // those of `Recursion` that live; the thread's own count, as the interpreter keeps one

bool fail(const char* where) noexcept {
    PyErr_Format(PyExc_RecursionError, "maximum recursion depth exceeded%s", where);
    return false;
}

}  // namespace

bool enter_level(const char* where) noexcept {
    if (version::kCountsNativeCallsApart && os::stack_is_low()) return fail(where);
    return Py_EnterRecursiveCall(where) == 0;
}

Recursion::Recursion(const char* where) {
    if (version::kCountsNativeCallsApart && t_levels >= Py_GetRecursionLimit()) {
        fail(where);
        throw nb::python_error();
    }
    if (!enter_level(where)) throw nb::python_error();
    ++t_levels;
}

Recursion::~Recursion() {
    --t_levels;
    Py_LeaveRecursiveCall();
}

}  // namespace fastest::py
