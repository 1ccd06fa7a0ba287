#include "engine/builtin/uncaught.h"

namespace fastest::builtin {
object queue_of(handle config, handle key) { return item(get(config, "stash"_n), key); }

void warn_of_queued(handle queue, const char* module) {
    if (length(queue)) call(lookup(module, "warn_of"_n), queue);
}

namespace {

class QuietQueue final : public hooks::QuietPart {
public:
    QuietQueue(handle queue, const char* module) : queue_(borrow(queue)), module_(module) {}
    bool needs(handle, hooks::Phase) override { return length(queue_) > 0; }
    void after(handle, hooks::Phase) override { warn_of_queued(queue_, module_); }

private:
    object queue_;
    const char* module_;
};

}  // namespace

std::unique_ptr<hooks::QuietPart> quiet_queue(hooks::QuietRun& run, handle key, const char* module) {
    return std::make_unique<QuietQueue>(queue_of(get(run.session(), "config"_n), key), module);
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
