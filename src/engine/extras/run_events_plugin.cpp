// The plugin by which a run's hooks become its events, present when somebody listens.

#include "engine/extras/features.h"
#include "engine/extras/records.h"
#include "engine/extras/report_outputs.h"
#include "engine/extras/state.h"
#include "engine/hooks/quiet.h"
#include "engine/py/unpack.h"
#include "os/clock.h"
#include "report/ids.h"

namespace fastest::extras {
namespace {

struct State {
    RunEvents events;
    std::unique_ptr<ReportOutputs> outputs;
};

RunEvents& events_of(handle self) { return state_of<State>(self).events; }

// --- session ------------------------------------------------------------------------------------

object session_start(Args a) {
    set(a[0], "_session"_n, a[1]);
    object config = get(a[1], "config"_n), version = lookup("sys", "version_info"_n);
    std::vector<std::string> arguments;
    for (object argument : each(get(get(config, "invocation_params"_n), "args"_n)))
        arguments.push_back(any_text(argument));
    events_of(a[0]).run_started(
        {os::wall_time(), any_text(lookup("fastest", "__version__"_n)),
         cat(item(version, integer(0)), ".", item(version, integer(1)), ".", item(version, integer(2))),
         any_text(lookup("sys", "platform"_n)), events_of(a[0]).root(), std::move(arguments)});
    return none();
}

/// Why the run stopped before its end.
std::string reason_to_stop(handle self, handle session) {
    if (object interruption = get(self, "_interruption"_n); !is_none(interruption)) return any_text(interruption);
    for (handle name : {"shouldfail"_n, "shouldstop"_n})
        if (object reason = get(session, name); truth(reason)) return any_text(reason);
    return {};
}

object unconfigure(Args a) {
    handle self = a[0];
    State& state = state_of<State>(self);
    object session = get_or(self, "_session"_n, Py_None);
    if (is_none(session)) return none();
    del(self, "_session"_n);
    object status = get(session, "exitstatus"_n);
    report::RunEnded ended{};
    ended.exit_status = PyLong_Check(status.ptr()) ? static_cast<int>(to_int(status)) : 0;
    ended.collected = static_cast<std::size_t>(to_int(get(session, "testscollected"_n)));
    ended.reason = reason_to_stop(self, session);
    state.events.run_ended(std::move(ended));
    state.outputs->write(a[1]);
    return none();
}

// --- collection ---------------------------------------------------------------------------------

object collect_report(Args a) {
    if (!truth(get(a[1], "passed"_n))) events_of(a[0]).collected(collected_report(a[1], events_of(a[0])));
    return none();
}

object deselected(Args a) {
    for (object item : each(a[1])) events_of(a[0]).collected(collected_item(item, "deselected"));
    return none();
}

object collection_finish(Args a) {
    RunEvents& events = events_of(a[0]);
    if (!events.wants_tests()) return none();
    for (object item : each(get(a[1], "items"_n))) events.will_run(collected_item(item, "collected"));
    events.collection_ended();
    return none();
}

/// In the process that distributes tests to others only their ids are known. All workers collect the same.
object worker_collected(Args a) {
    RunEvents& events = events_of(a[0]);
    if (events.has_tests() || !events.wants_tests()) return none();
    for (object text : each(a[2])) {
        std::string id = any_text(text);
        std::string label(report::label_of(id)), file(report::file_of(id));
        events.will_run({std::move(id), std::move(label), std::move(file), std::nullopt, "item", "collected", {}});
    }
    events.collection_ended();
    return none();
}

// --- tests --------------------------------------------------------------------------------------

object log_start(Args a) {
    events_of(a[0]).test_started(any_text(a[1]));
    return none();
}

object log_report(Args a) {
    RunEvents& events = events_of(a[0]);
    PhaseRecord record(a[1], events);
    events.phase_ended(record.id, std::move(record.phase), std::move(record.outputs));
    return none();
}

object log_finish(Args a) {
    events_of(a[0]).test_finished(any_text(a[1]));
    return none();
}

class QuietEvents final : public hooks::QuietPart {
public:
    explicit QuietEvents(handle plugin) : events_(events_of(plugin)) {}

    void start(handle, handle nodeid) override { events_.test_started(any_text(nodeid)); }

    void passed(const hooks::PhasePassed& event) override {
        std::string id = any_text(event.nodeid);
        events_.phase_ended(id, {id, 0, hooks::text_of(event.phase), "passed", event.start, event.duration});
    }

    void over(handle, handle nodeid) override { events_.test_finished(any_text(nodeid)); }

private:
    RunEvents& events_;
};

std::unique_ptr<hooks::QuietPart> quiet_events(handle plugin, hooks::QuietRun&) {
    return std::make_unique<QuietEvents>(plugin);
}

// --- what goes wrong ----------------------------------------------------------------------------

object warning_recorded(Args a) {
    RunEvents& events = events_of(a[0]);
    handle message = a[1];
    report::Warned warning{any_text(a[3]),
                           any_text(a[2]),
                           any_text(get(get(message, "category"_n), "__name__"_n)),
                           any_text(get(message, "message"_n)),
                           events.file_name(any_text(get(message, "filename"_n))),
                           to_int(get(message, "lineno"_n))};
    events.warned(std::move(warning));
    return none();
}

object internal_error(Args a) {
    object crash = get_or(a[1], "reprcrash"_n, Py_None);
    std::string traceback = any_text(a[1]);
    std::string message =
        is_none(crash) ? traceback.substr(traceback.rfind('\n') + 1) : any_text(get(crash, "message"_n));
    events_of(a[0]).crashed({"internal-error", {}, std::move(message), std::move(traceback)});
    return none();
}

object interrupted(Args a) {
    object error = get(a[1], "value"_n);
    if (is_instance(error, lookup("_pytest.main", "Interrupted"_n))) {  // the session's own decision
        set(a[0], "_interruption"_n, to_str(error));
        return none();
    }
    bool is_exit = is_instance(error, lookup("_pytest.outcomes", "Exit"_n));
    object message = is_exit ? strcat("Exit: ", get(error, "msg"_n)) : call_method(a[1], "exconly"_n);
    events_of(a[0]).crashed({"interrupted", {}, any_text(message), {}});
    return none();
}

object worker_crashed(Args a) {
    events_of(a[0]).crashed({"worker", any_text(a[1]), any_text(get(a[2], "longrepr"_n)), {}});
    return none();
}

void define_plugin(Module& m) {
    constexpr HookOptions kOptional{.optionalhook = true};
    object plugin = m.cls("RunEvents")
                        .doc("Makes the events of a run from its hooks.")
                        .def("pytest_sessionstart", "self, session", session_start)
                        .hook("pytest_unconfigure", "self, config", unconfigure, {.trylast = true})
                        .def("pytest_collectreport", "self, report", collect_report)
                        .def("pytest_deselected", "self, items", deselected)
                        .hook("pytest_collection_finish", "self, session", collection_finish, {.trylast = true})
                        .hook("pytest_xdist_node_collection_finished", "self, node, ids", worker_collected, kOptional)
                        .def("pytest_runtest_logstart", "self, nodeid", log_start)
                        .hook("pytest_runtest_logreport", "self, report", log_report, {.trylast = true})
                        .def("pytest_runtest_logfinish", "self, nodeid", log_finish)
                        .def("pytest_warning_recorded", "self, warning_message, when, nodeid", warning_recorded)
                        .def("pytest_internalerror", "self, excrepr", internal_error)
                        .def("pytest_keyboard_interrupt", "self, excinfo", interrupted)
                        .hook("pytest_handlecrashitem", "self, crashitem, report", worker_crashed, kOptional)
                        .make();
    for (const char* hook : {"pytest_runtest_logstart", "pytest_runtest_logreport", "pytest_runtest_logfinish"})
        hooks::plays_quietly(get(plugin, str(hook)), quiet_events);
}

}  // namespace

void configure_run_events(handle config) {
    std::unique_ptr<ReportOutputs> outputs = ReportOutputs::wanted(config);
    if (!outputs) return;
    object folder = get(get(config, "invocation_params"_n), "dir"_n);
    auto state = std::make_unique<State>(
        State{RunEvents(any_text(get(config, "rootpath"_n)), any_text(folder)), std::move(outputs)});
    state->outputs->listen(state->events);
    object plugin = call(global<"extras_events", "RunEvents">());
    set(plugin, "_interruption"_n, Py_None);
    keep_state(plugin, std::move(state));
    register_plugin(config, plugin, "fastest.run_events");
}

}  // namespace fastest::extras

FASTEST_MODULE(extras_events, "fastest.extras") { fastest::extras::define_plugin(m); }
