#include "engine/builtin/uncaught.h"

namespace fastest::builtin {
namespace {

/// The warning as an error if warnings are errors, else null. A real exception shows its traceback as the cause.
object warned(handle meta, const UncaughtKind& kind) {
    object type = lookup("_pytest.warning_types", str(kind.warning));
    try {
        warn_from(kind.module, kind.line, call(type, get(meta, "msg"_n)));
    } catch (nb::python_error& error) {
        object raised = borrow(error.value());
        if (!is_instance(raised, type)) throw;
        object exception = get(meta, "exc_value"_n);
        if (!is_none(exception)) {
            set(raised, "args"_n, tuple_of(get(meta, "cause_msg"_n)));
            set(raised, "__cause__"_n, exception);
        }
        return raised;
    }
    return {};
}

}  // namespace

object queue_of(handle config, handle key) { return item(get(config, "stash"_n), key); }

void warn_of_queued(handle queue, const UncaughtKind& kind) {
    if (!length(queue)) return;
    object errors = new_list();
    while (length(queue)) {
        object meta = call_method(queue, "pop"_n);
        object error;
        if (is_instance(meta, PyExc_BaseException)) {
            error = call(handle(PyExc_RuntimeError), str(kind.failed_note));
            set(error, "__cause__"_n, meta);
        } else {
            error = warned(meta, kind);
        }
        if (error.is_valid()) append(errors, error);
    }
    if (length(errors) == 1) raise_exception(item(errors, integer(0)));
    if (length(errors)) raise_exception(call(exception_group(), str(kind.group), errors));
}

UncaughtTexts uncaught_texts(const std::string& summary, handle type, handle value, handle traceback, handle source) {
    object lines = call(lookup("traceback", "format_exception"_n), type, value, traceback);
    object shown = call_method(""_n, "join"_n, lines);
    std::string allocated = "\n" + text(call(lookup("_pytest.tracemalloc", "tracemalloc_message"_n), source));
    return {strcat(summary, "\n\n", shown, allocated), strcat(summary, allocated)};
}

object partial(handle function, std::initializer_list<Keyword> keywords) {
    return call_kw(lookup("_functools", "partial"_n), {function}, keywords);
}

}  // namespace fastest::builtin
