#include "engine/builtin/uncaught.h"

namespace fastest::builtin {

object queue_of(handle config, const UncaughtKind& kind) { return item(get(config, "stash"_n), kind.queue_key()); }

void warn_of_queued(handle config, const UncaughtKind& kind) {
    object queue = queue_of(config, kind);
    if (length(queue)) call(lookup(kind.facade, "warn_of"_n), queue);
}

void define_phase_ends(Module& m, Body at_end, hooks::MakeQuietPart quietly) {
    for (const char* hook : {"pytest_runtest_setup", "pytest_runtest_call", "pytest_runtest_teardown"})
        hooks::plays_quietly(m.hook(hook, "item", at_end, {.trylast = true}), quietly);
}

namespace {

class QuietQueue final : public hooks::QuietPart {
public:
    QuietQueue(handle config, const UncaughtKind& kind)
        : config_(config), kind_(kind), queue_(queue_of(config, kind)) {}
    bool needs(handle, hooks::Phase) override { return length(queue_) > 0; }
    void after(handle, hooks::Phase) override {
        if (length(queue_)) warn_of_queued(config_, kind_);
    }

private:
    handle config_;
    const UncaughtKind& kind_;
    object queue_;
};

}  // namespace

std::unique_ptr<hooks::QuietPart> quiet_queue(hooks::QuietRun& run, const UncaughtKind& kind) {
    return std::make_unique<QuietQueue>(get(run.session(), "config"_n), kind);
}

UncaughtTexts uncaught_texts(const std::string& summary, handle type, handle value, handle traceback, handle source) {
    object lines = call(lookup("traceback", "format_exception"_n), type, value, traceback);
    object shown = call_method(""_n, "join"_n, lines);
    std::string allocated = "\n" + text(call(lookup("_pytest.tracemalloc", "tracemalloc_message"_n), source));
    return {strcat(summary, "\n\n", shown, allocated), strcat(summary, allocated)};
}

}  // namespace fastest::builtin
