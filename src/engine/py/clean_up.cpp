#include "engine/py/clean_up.h"

#include "engine/py/function.h"

namespace fastest::py {
namespace {

/// Closure: an exception.
object raise_closure(Args a) { raise_exception(a.closure()); }

}  // namespace

object CleanUp::asked_stack() const { return get(owner_, "_asked_cleanup_stack"_n); }
object CleanUp::functions() const { return get(owner_, "_cleanups"_n); }

void CleanUp::begin() { set_stack(Py_None); }

void CleanUp::set_stack(handle stack) {
    set(owner_, "_cleanups"_n, new_list());
    set(owner_, "_asked_cleanup_stack"_n, stack);
}

void CleanUp::add(handle function) {
    if (object stack = asked_stack(); is_none(stack))
        append(functions(), function);
    else
        call_method(stack, "callback"_n, function);
}

object CleanUp::stack() {
    if (object asked = asked_stack(); !is_none(asked)) return asked;
    object made = call(lookup("contextlib", "ExitStack"_n));
    for (object function : each(functions())) call_method(made, "callback"_n, function);
    set_stack(made);
    return made;
}

void CleanUp::run() {
    while (is_none(asked_stack()) && length(functions())) {
        object function = call_method(functions(), "pop"_n);
        try {
            call(function);
        } catch (const nb::python_error& error) {
            call_method(stack(), "callback"_n, make_function("cleanup", "", raise_closure, error.value()));
        }
    }
    if (object asked = asked_stack(); !is_none(asked)) call_method(asked, "close"_n);
}

}  // namespace fastest::py
