#include "engine/builtin/uncaught.h"

namespace fastest::builtin {
object queue_of(handle config, const UncaughtKind& kind) { return item(get(config, "stash"_n), kind.queue_key()); }

void warn_of_queued(handle config, const UncaughtKind& kind) {
    object queue = queue_of(config, kind);
    if (length(queue)) call(lookup(kind.facade, "warn_of"_n), queue);
}

void define_phase_ends(Module& m, Body at_end) {
    for (const char* hook : {"pytest_runtest_setup", "pytest_runtest_call", "pytest_runtest_teardown"})
        m.hook(hook, "item", at_end, {.trylast = true});
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
