// Progress for the tabs and windows of terminals, by OSC 9;4 sequences.

#include <algorithm>

#include "engine/hooks/quiet.h"
#include "engine/py/own_method.h"

namespace fastest::terminal {
namespace {

using namespace py;

object plugin_init(Args a) {
    set(a[0], "_tr"_n, a[1]);
    set(a[0], "_session"_n, Py_None);
    set(a[0], "_has_failures"_n, Py_False);
    return none();
}

int state_number(std::string_view state) {
    constexpr std::string_view states[] = {"remove", "normal", "error", "indeterminate", "paused"};
    auto found = std::find(std::begin(states), std::end(states), state);
    return static_cast<int>(found - std::begin(states));
}

object plugin_emit_progress(Args a) {
    std::string state = text(a[1]);
    bool has_progress = !is_none(a[2]);
    bool bad = has_progress ? to_int(a[2]) < 0 || to_int(a[2]) > 100 : state == "normal";
    if (bad) raise_exception(call(handle(PyExc_AssertionError)));
    std::string sequence = cat("\x1b]9;4;", state_number(state), ";");
    if (has_progress && state != "remove" && state != "indeterminate") sequence += text_of(a[2]);
    call_method_kw(get(a[0], "_tr"_n), "write_raw"_n, {str(sequence + "\x1b\\")}, {{"flush"_n, Py_True}});
    return none();
}

void emit(handle self, std::string_view state) { call_method(self, "_emit_progress"_n, str(state)); }

void emit(handle self, std::string_view state, long long progress) {
    call_method(self, "_emit_progress"_n, str(state), integer(progress));
}

object plugin_sessionstart(Args a) {
    set(a[0], "_session"_n, a[1]);
    emit(a[0], "indeterminate");
    return none();
}

long long collected(handle self) { return to_int(get(get(self, "_session"_n), "testscollected"_n)); }

object plugin_collection_finish(Args a) {
    if (collected(a[0]) > 0) emit(a[0], "normal", 0);
    return none();
}

void emit_reported(handle self) {
    long long total = collected(self);
    if (total <= 0) return;
    long long done = to_int(get(get(self, "_tr"_n), "reported_progress"_n));
    emit(self, truth(get(self, "_has_failures"_n)) ? "error" : "normal", std::min(done * 100 / total, 100LL));
}

object plugin_logreport(Args a) {
    if (truth(get(a[1], "failed"_n))) set(a[0], "_has_failures"_n, Py_True);
    if (equal(get(a[1], "when"_n), "call"_n)) emit_reported(a[0]);
    return none();
}

OwnMethod g_emit_progress;  // a constant

class QuietProgress final : public hooks::QuietPart {
public:
    QuietProgress(handle plugin, hooks::QuietRun& run) : plugin_(plugin), run_(run) {}

    bool plain(handle) override { return g_emit_progress.found_on(plugin_); }
    void passed(const hooks::PhasePassed& event) override {
        if (event.phase != hooks::Phase::kCall) return;
        run_.settle();  // it goes to the terminal, and not into the capture
        emit_reported(plugin_);
    }

private:
    handle plugin_;
    hooks::QuietRun& run_;
};

std::unique_ptr<hooks::QuietPart> quiet_progress(handle plugin, hooks::QuietRun& run) {
    return std::make_unique<QuietProgress>(plugin, run);
}

object plugin_sessionfinish(Args a) {
    emit(a[0], "remove");
    return none();
}

object pytest_configure(Args a) {
    object plugins = get(a[0], "pluginmanager"_n);
    object reporter = call_method(plugins, "get_plugin"_n, str("terminalreporter"));
    if (is_none(reporter) || !truth(call(get(reporter, "isatty"_n)))) return none();
    object term = call_method(lookup("os", "environ"_n), "get"_n, str("TERM"));
    if (equal(term, str("dumb"))) return none();
    object plugin = call(lookup("_pytest.terminal", "TerminalProgressPlugin"_n), reporter);
    call_method_kw(plugins, "register"_n, {plugin}, {{"name"_n, str("terminalprogress-plugin")}});
    return none();
}

}  // namespace

FASTEST_MODULE(terminal_progress_plugin, "_pytest.terminal") {
    m.cls("TerminalProgressPlugin")
        .doc("Tells terminals how far the run is, by OSC 9;4 sequences, which not all of them know.\n\n"
             "https://conemu.github.io/en/AnsiEscapeCodes.html#ConEmu_specific_OSC")
        .def("__init__", "self, tr", plugin_init)
        .def("_emit_progress", "self, state, progress=None", plugin_emit_progress,
             "Writes the sequence of a state; `progress` is 0-100, needed for \"normal\", optional for \"error\" and\n"
             "\"paused\", and without meaning for others.")
        .hook("pytest_sessionstart", "self, session", plugin_sessionstart)
        .hook("pytest_collection_finish", "self", plugin_collection_finish)
        .hook("pytest_runtest_logreport", "self, report", plugin_logreport)
        .hook("pytest_sessionfinish", "self", plugin_sessionfinish)
        .make();
    g_emit_progress.remember(m.get("TerminalProgressPlugin"), "_emit_progress");
    hooks::plays_quietly(get(m.get("TerminalProgressPlugin"), "pytest_runtest_logreport"_n), quiet_progress);
}

FASTEST_MODULE(terminalprogress, "_pytest.terminalprogress") {
    m.hook("pytest_configure", "config", pytest_configure, {.trylast = true});
}

}  // namespace fastest::terminal
