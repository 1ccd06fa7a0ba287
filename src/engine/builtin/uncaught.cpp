#include "engine/builtin/uncaught.h"

namespace fastest::builtin {
object queue_of(handle config, handle key) { return item(get(config, "stash"_n), key); }

void warn_of_queued(handle queue, const char* module) {
    if (length(queue)) call(lookup(module, "warn_of"_n), queue);
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
