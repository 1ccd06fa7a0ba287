#pragma once
// Python's `with` statement for native code.

#include "engine/py/object.h"

namespace fastest::py {

/// Runs `body(target)` between `manager.__enter__()` and `manager.__exit__(...)`. A body that raised an error which the
/// manager swallowed gives None.
template <class F>
object with(handle manager, F&& body) {
    handle type(type_of(manager));
    object exit = get(type, "__exit__"_n);
    object target = call(get(type, "__enter__"_n), manager);
    object result;
    try {
        result = body(target);
    } catch (const nb::python_error& error) {
        Handling handling(error);
        object traceback = error.traceback().is_valid() ? borrow(error.traceback()) : none();
        if (!truth(call(exit, manager, error.type(), error.value(), traceback))) throw;
        return none();
    }
    call(exit, manager, Py_None, Py_None, Py_None);
    return result;
}

}  // namespace fastest::py
