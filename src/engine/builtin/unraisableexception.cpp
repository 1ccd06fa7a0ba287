#include "engine/builtin/uncaught.h"
#include "engine/py/named_tuple.h"
#include "engine/py/short_cut.h"

namespace fastest::builtin {
namespace {

/// In the stash: the last collection has found nothing, and nothing of others has run since.
handle nothing_left_key() { return global<"unraisableexception", "_nothing_left_key">(); }

handle queue_key() { return global<"unraisableexception", "unraisable_exceptions">(); }

constexpr UncaughtKind kKind{.facade = "_pytest.unraisableexception", .queue_key = queue_key};

/// Whether a further collection would show nowhere when the one before has found nothing: no code ran in between that
/// could have made garbage.
bool nobody_watches_collections(handle collect) {
    object callbacks = lookup("gc", "callbacks"_n);
    return PyCFunction_CheckExact(collect.ptr()) && PyList_CheckExact(callbacks.ptr()) &&
           PyList_GET_SIZE(callbacks.ptr()) == 0;
}

ShortCut g_one_collection{
    "builtin.one_collection",
    "The garbage collection at the clean-up is left out when the one at the end of the run has found nothing and only "
    "functions of the engine run in between. Seen by gc.callbacks, hook implementations and clean-ups of others."};

bool is_ours(handle function) {
    if (PyMethod_Check(function.ptr())) return is_native_function(PyMethod_GET_FUNCTION(function.ptr()));
    bool bound = py::type_of(function).is(lookup("_functools", "partial"_n));
    return is_native_function(bound ? get(function, "func"_n) : borrow(function));
}

bool all_ours(handle functions) {
    for (object function : each(functions))
        if (!is_ours(function)) return false;
    return true;
}

/// Whether nothing but the engine's functions comes until the clean-up has ended.
bool only_ours_left(handle config) {
    if (believes_in_lookers()) return false;
    if (!is_none(get(config, "_asked_cleanup_stack"_n)) || !all_ours(get(config, "_cleanups"_n))) return false;
    object hook = get(get(config, "hook"_n), "pytest_unconfigure"_n), functions = new_list();
    for (object implementation : each(call_method(hook, "get_hookimpls"_n)))
        append(functions, get(implementation, "function"_n));
    return all_ours(functions);
}

/// Whether the last one has found nothing, and nobody watches collections.
bool collect_times(handle passes) {
    object collect_once = lookup("gc", "collect"_n);
    for (long long i = to_int(passes); i > 0; --i) {
        object found = call(collect_once);
        if (nobody_watches_collections(collect_once) && PyLong_CheckExact(found.ptr()) && !truth(found)) return true;
    }
    return false;
}

object gc_collect_harder(Args a) {
    collect_times(a[0]);
    return none();
}

/// The same for the passes that the configuration asks for; PyPy's destructors may need several.
bool collect_garbage(handle config) {
    bool pypy = equal(get(lookup("sys", "implementation"_n), "name"_n), "pypy"_n);
    handle key = global<"unraisableexception", "gc_collect_iterations_key">();
    object passes = call_method(get(config, "stash"_n), "get"_n, key, integer(pypy ? 5 : 1));
    object function = lookup("_pytest.unraisableexception", "gc_collect_harder"_n);
    if (is_native_function(function)) return collect_times(passes);
    call(function, passes);
    return false;
}

object cleanup(Args a) {
    end_noting(a[0], kKind, "sys", "unraisablehook"_n, a[1], [&] {
        if (!truth(call_method(get(a[0], "stash"_n), "get"_n, nothing_left_key(), Py_False))) collect_garbage(a[0]);
        warn_of_queued(a[0], kKind);
    });
    return none();
}

void note(handle unraisable, handle append_to) {
    object message = get(unraisable, "err_msg"_n), source = get(unraisable, "object"_n),
           value = get(unraisable, "exc_value"_n);
    std::string summary = cat(is_none(message) ? str("Exception ignored in") : message, ": ", repr_of(source));
    UncaughtTexts texts =
        uncaught_texts(summary, get(unraisable, "exc_type"_n), value, get(unraisable, "exc_traceback"_n), source);
    call(append_to, call(global<"unraisableexception", "UnraisableMeta">(), texts.full, texts.brief, value));
}

object unraisable_hook(Args a) {
    note_or_error(a[1], [&] { note(a[0], a[1]); });
    return none();
}

object configure(Args a) {
    object sys = import_module("sys");
    import_module("gc");  // the cleanup needs it, and then a test may have emptied sys.meta_path
    object previous = get(sys, "unraisablehook"_n), queue = call(lookup("_collections", "deque"_n));
    set_item(get(a[0], "stash"_n), queue_key(), queue);
    call_method(
        a[0], "add_cleanup"_n,
        partial(lookup("_pytest.unraisableexception", "cleanup"_n), {{"config"_n, a[0]}, {"prev_hook"_n, previous}}));
    set(sys, "unraisablehook"_n,
        partial(lookup("_pytest.unraisableexception", "unraisable_hook"_n), {{"append"_n, get(queue, "append"_n)}}));
    return none();
}

object unconfigure(Args a) {
    if (!contains(get(a[0], "stash"_n), queue_key())) return none();
    bool nothing_left = collect_garbage(a[0]);
    if (g_one_collection.take(nothing_left && only_ours_left(a[0])))
        set_item(get(a[0], "stash"_n), nothing_left_key(), Py_True);
    warn_of_queued(a[0], kKind);
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

FASTEST_MODULE(unraisableexception, "_pytest.unraisableexception") {
    using namespace fastest::builtin;
    m.attr("_nothing_left_key", call(known<"_pytest.stash", "StashKey">()));
    m.attr("gc_collect_iterations_key", call(known<"_pytest.stash", "StashKey">()));
    m.attr("unraisable_exceptions", call(known<"_pytest.stash", "StashKey">()));
    named_tuple_class(m, "UnraisableMeta", {"msg", "cause_msg", "exc_value"})
        .doc("What is noted of an error: a warning's text, that of its cause, the error.")
        .make();
    m.def("gc_collect_harder", "iterations", gc_collect_harder);
    m.def("collect_unraisable", "config", collect);
    m.def("cleanup", "*, config, prev_hook", cleanup);
    m.def("unraisable_hook", "unraisable, /, *, append", unraisable_hook);
    m.def("pytest_configure", "config", configure);
    m.def("pytest_unconfigure", "config", unconfigure);
    define_phase_ends(m, phase_end, quiet_phase_end);
}
