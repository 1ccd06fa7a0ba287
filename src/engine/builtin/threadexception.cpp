#include "engine/builtin/uncaught.h"
#include "engine/py/import_watch.h"
#include "engine/py/named_tuple.h"

namespace fastest::builtin {
namespace {

handle queue_key() { return global<"threadexception", "thread_exceptions">(); }

constexpr UncaughtKind kKind{.facade = "_pytest.threadexception", .queue_key = queue_key};

/// Threads that still run are not joined: what they raise later is not seen.
object cleanup(Args a) {
    end_noting(a[0], kKind, "threading", "excepthook"_n, a[1], [&] { warn_of_queued(a[0], kKind); });
    return none();
}

void note(handle args, handle append_to) {
    object thread = get(args, "thread"_n), value = get(args, "exc_value"_n);
    std::string summary = cat("Exception in thread ", is_none(thread) ? str("<unknown>") : get(thread, "name"_n));
    UncaughtTexts texts = uncaught_texts(summary, get(args, "exc_type"_n), value, get(args, "exc_traceback"_n), thread);
    call(append_to, call(global<"threadexception", "ThreadExceptionMeta">(), texts.full, texts.brief, value));
}

object thread_exception_hook(Args a) {
    note_or_error(a[1], [&] { note(a[0], a[1]); });
    return none();
}

object append_of(handle config) { return get(queue_of(config, kKind), "append"_n); }

void install(handle threading, handle append_to) {
    set(threading, "excepthook"_n,
        partial(lookup("_pytest.threadexception", "thread_exception_hook"_n), {{"append"_n, append_to}}));
}

/// Closure: [config, the hook that was there before or null]. Before `threading` is imported there can be no thread.
object import_seen(Args a) {
    object config = item(a.closure(), integer(0));
    append(a.closure(), get(a[0], "excepthook"_n));
    install(a[0], append_of(config));
    return none();
}

object import_cleanup(Args a) {
    object config = item(a.closure(), integer(0));
    if (length(a.closure()) > 1)
        return call_kw(lookup("_pytest.threadexception", "cleanup"_n), {},
                       {{"config"_n, config}, {"prev_hook"_n, item(a.closure(), integer(1))}});
    check(PyObject_DelItem(get(config, "stash"_n).ptr(), queue_key().ptr()));
    return none();
}

object configure(Args a) {
    set_item(get(a[0], "stash"_n), queue_key(), call(lookup("_collections", "deque"_n)));
    object add_cleanup = get(a[0], "add_cleanup"_n), threading = imported("threading");
    if (threading.is_valid()) {
        call(add_cleanup, partial(lookup("_pytest.threadexception", "cleanup"_n),
                                  {{"config"_n, a[0]}, {"prev_hook"_n, get(threading, "excepthook"_n)}}));
        install(threading, append_of(a[0]));
        return none();
    }
    object state = list_of(a[0]);
    call(add_cleanup, make_function("cleanup", "", import_cleanup, state));
    call_method(a[0], "add_cleanup"_n,
                watch_import("threading", make_function("import_seen", "threading", import_seen, state)));
    return none();
}

object collect(Args a) {
    warn_of_queued(a[0], kKind);
    return none();
}

std::unique_ptr<hooks::QuietPart> quiet_phase_end(handle, hooks::QuietRun& run) { return quiet_queue(run, kKind); }

object phase_end(Args a) {
    warn_of_queued(get(a[0], "config"_n), kKind);
    return none();
}

}  // namespace
}  // namespace fastest::builtin

FASTEST_MODULE(threadexception, "_pytest.threadexception") {
    using namespace fastest::builtin;
    m.attr("thread_exceptions", call(known<"_pytest.stash", "StashKey">()));
    named_tuple_class(m, "ThreadExceptionMeta", {"msg", "cause_msg", "exc_value"})
        .doc("What is noted of an error: a warning's text, that of its cause, the error.")
        .make();
    m.def("collect_thread_exception", "config", collect);
    m.def("cleanup", "*, config, prev_hook", cleanup);
    m.def("thread_exception_hook", "args, /, *, append", thread_exception_hook);
    m.def("pytest_configure", "config", configure);
    define_phase_ends(m, phase_end, quiet_phase_end);
}
