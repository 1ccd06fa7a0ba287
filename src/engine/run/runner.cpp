// `_pytest.runner`: the runtest protocol. One item goes through set-up, call and teardown; each phase is a hook call whose
// outcome becomes a report.

#include "engine/hooks/native_caller.h"
#include "engine/hooks/quiet.h"
#include "engine/py/collector.h"
#include "engine/py/short_cut.h"
#include "engine/run/call_info.h"
#include "engine/run/collect_report.h"
#include "engine/run/phase_variable.h"
#include "engine/run/durations.h"
#include "engine/run/runner.h"
#include "engine/run/setup_state.h"

namespace fastest::run {

object reraised(handle config) {
    handle exit = known<"_pytest.outcomes", "Exit">();
    if (truth(call_method(config, "getoption"_n, "usepdb"_n, Py_False))) return tuple_of(exit);
    return tuple_of(exit, handle(PyExc_KeyboardInterrupt));
}

namespace {

// --- one phase ----------------------------------------------------------------------------------

object hook_of_phase(handle hooks, handle when) {
    if (equal(when, "setup"_n)) return get(hooks, "pytest_runtest_setup"_n);
    if (equal(when, "call"_n)) return get(hooks, "pytest_runtest_call"_n);
    if (equal(when, "teardown"_n)) return get(hooks, "pytest_runtest_teardown"_n);
    assertion_failed(cat("Unhandled runtest hook case: ", when));
}

ShortCut g_untracked_reports{
    "run.untracked_reports",
    "Reports of phases without a message are kept out of the collector. Seen in gc.get_objects(), and by plugins "
    "that make a cycle through a report they were given: the report hooks are all ours then."};

/// Reports that only the engine has seen refer to nothing that refers back. Keeping tens of thousands of them out of each full
/// collection is worth a fifth of a large run.
void keep_from_collector(handle report) {
    if (!is_none(get(report, "longrepr"_n))) return;
    for (handle part : {"user_properties"_n, "sections"_n, "keywords"_n})
        if (object value = try_get(report, part); value.is_valid()) untrack(value);
    untrack(report);
}

/// Arguments: item, when, log, **kwds.
object call_and_report(Args a) {
    handle item = a[0], when = a[1], keywords = a[3];
    object hook = hook_of_phase(get(item, "ihook"_n), when);
    object info = timed_call(global<"runner", "CallInfo">(), when, reraised(get(item, "config"_n)), [&] {
        if (!PyDict_GET_SIZE(keywords.ptr())) return call_named<"item">(hook, item);
        object given = new_dict();
        dict_set(given, "item"_n, item);
        check(PyDict_Update(given.ptr(), keywords.ptr()));
        return call_ex(hook, check(PyTuple_New(0)), given);
    });
    return report_phase(item, info, truth(a[2]));
}

// --- one item -----------------------------------------------------------------------------------

object option(handle item, handle name) { return call_method(get(item, "config"_n), "getoption"_n, name, Py_False); }

/// Set-up, call if that passed, teardown. Gives the reports.
object run_phases(handle item, handle log, handle next) {
    object report = run_phase(item, "setup"_n, log);
    object reports = list_of(report);
    if (truth(get(report, "passed"_n))) {
        bool setup_only = truth(option(item, "setuponly"_n));
        if (truth(option(item, "setupshow"_n)))
            call_kw(get(module_of<"_pytest.runner">(), "show_test_item"_n), {item}, {{"add_space"_n, setup_only ? Py_False : Py_True}});
        if (!setup_only) append(reports, run_phase(item, "call"_n, log));
    }
    object session = get(item, "session"_n);
    bool stops = truth(get(session, "shouldfail"_n)) || truth(get(session, "shouldstop"_n));
    append(reports, run_phase(item, "teardown"_n, log, stops ? handle(Py_None) : next));
    return reports;
}

/// Arguments: item, log, nextitem.
object runtest_protocol_of(Args a) {
    handle item = a[0];
    object request = try_get(item, "_request"_n);
    bool has_request = request.is_valid();
    if (has_request && !truth(request)) call_method(item, "_initrequest"_n);
    request = object();
    auto forget = [&] {
        if (!has_request) return;
        set(item, "_request"_n, Py_False);
        set(item, "funcargs"_n, Py_None);
    };
    object reports;
    try {
        reports = run_phases(item, a[1], a[2]);
    } catch (nb::python_error& error) {
        Handling handling(error);
        forget();
        throw;
    }
    forget();
    return reports;
}

object protocol_hook(Args a) {
    handle item = a[0];
    object hooks = get(item, "ihook"_n);
    call_named<"nodeid", "location">(get(hooks, "pytest_runtest_logstart"_n), get(item, "nodeid"_n), get(item, "location"_n));
    call_kw(get(module_of<"_pytest.runner">(), "runtestprotocol"_n), {item}, {{"nextitem"_n, a[1]}});
    call_named<"nodeid", "location">(get(hooks, "pytest_runtest_logfinish"_n), get(item, "nodeid"_n), get(item, "location"_n));
    return boolean(true);
}

object show_test_item(Args a) {
    handle item = a[0];
    object writer = call_method(get(item, "config"_n), "get_terminal_writer"_n);
    call_method(writer, "line"_n);
    call_method(writer, "write"_n, str("        "));
    call_method(writer, "write"_n, get(item, "nodeid"_n));
    object names = to_list(get_or(item, "fixturenames"_n, new_list()));
    check(PyList_Sort(names.ptr()));
    if (length(names))
        call_method(writer, "write"_n, strcat(" (fixtures used: ", call_method(str(", "), "join"_n, names), ")"));
    if (truth(a[1])) call_method(writer, "write"_n, " "_n);
    call_method(writer, "flush"_n);
    return none();
}

// --- the phases' hooks --------------------------------------------------------------------------

object setup_hook(Args a) {
    announce_phase(a[0], "setup");
    call_method(get(get(a[0], "session"_n), "_setupstate"_n), "setup"_n, a[0]);
    return none();
}

object call_hook(Args a) {
    announce_phase(a[0], "call");
    forget_last_error();
    try {
        call_method(a[0], "runtest"_n);
    } catch (nb::python_error& error) {
        if (error.matches(PyExc_Exception)) remember_last_error(error.value());
        throw;
    }
    return none();
}

object teardown_hook(Args a) {
    announce_phase(a[0], "teardown");
    call_method(get(get(a[0], "session"_n), "_setupstate"_n), "teardown_exact"_n, a[1]);
    retract_phase();
    return none();
}

object update_current_test(Args a) {
    if (truth(a[1]))
        announce_phase(a[0], text(a[1]));
    else
        retract_phase();
    return none();
}

object teststatus_hook(Args a) {
    object when = get(a[0], "when"_n);
    if (!is_str(when) || !(equal(when, "setup"_n) || equal(when, "teardown"_n))) return none();
    if (truth(get(a[0], "failed"_n))) return tuple_of("error"_n, "E"_n, "ERROR"_n);
    if (truth(get(a[0], "skipped"_n))) return tuple_of("skipped"_n, "s"_n, "SKIPPED"_n);
    return tuple_of(""_n, ""_n, ""_n);
}

object makereport_hook(Args a) {
    return call_method(get(module_of<"_pytest.reports">(), "TestReport"_n), "from_item_and_call"_n, a[0], a[1]);
}

object sessionstart_hook(Args a) {
    set(a[0], "_setupstate"_n, call(global<"runner", "SetupState">()));
    return none();
}

object sessionfinish_hook(Args a) {
    call_method(get(a[0], "_setupstate"_n), "teardown_exact"_n, Py_None);
    return none();
}

}  // namespace

object report_phase(handle item, handle info, bool log) {
    object relay = get(item, "ihook"_n);
    object make = get(relay, "pytest_runtest_makereport"_n), hook = get(relay, "pytest_runtest_logreport"_n);
    object report = call_named<"item", "call">(make, item, info);
    if (log) call_named<"report">(hook, report);
    if (g_untracked_reports.take(hooks::only_ours(make) && hooks::only_ours(hook))) keep_from_collector(report);
    if (is_interactive(info, report))
        call_named<"node", "call", "report">(get(relay, "pytest_exception_interact"_n), item, info, report);
    return report;
}

object run_phase(handle item, handle when, handle log, handle next) {
    object phase = get(module_of<"_pytest.runner">(), "call_and_report"_n);
    if (!next.is_valid()) return call(phase, item, when, log);
    return call_kw(phase, {item, when, log}, {{"nextitem"_n, next}});
}

bool runner_is_ours() {
    handle module = PyModule_GetDict(module_of<"_pytest.runner">().ptr());
    return dict_get(module, "call_and_report"_n).is(global<"runner", "call_and_report">()) &&
           dict_get(module, "runtestprotocol"_n).is(global<"runner", "runtestprotocol">());
}

void forget_last_error() {
    static const char* const names[] = {"last_type", "last_value", "last_traceback",
                                        version::kHasLastExc ? "last_exc" : nullptr};
    for (const char* name : names) {
        if (!name || !PySys_GetObject(name)) return;
        check(PySys_SetObject(name, nullptr));
    }
}

void remember_last_error(handle exception) {
    check(PySys_SetObject("last_type", type_of(exception).ptr()));
    check(PySys_SetObject("last_value", exception.ptr()));
    if (version::kHasLastExc) check(PySys_SetObject("last_exc", exception.ptr()));
    object traceback = steal(PyException_GetTraceback(exception.ptr()));
    check(PySys_SetObject("last_traceback", traceback.is_valid() ? traceback.ptr() : Py_None));
}

}  // namespace fastest::run

FASTEST_MODULE(runner, "_pytest.runner") {
    using namespace fastest::run;
    define_call_info(m);
    define_setup_state(m);
    define_durations(m);
    define_collect_report(m);
    m.def("pytest_sessionstart", "session", sessionstart_hook);
    m.def("pytest_sessionfinish", "session", sessionfinish_hook);
    fastest::hooks::plays_quietly(m.def("pytest_runtest_protocol", "item, nextitem", protocol_hook), fastest::hooks::idle_part);
    m.def("runtestprotocol", "item, log=True, nextitem=None", runtest_protocol_of);
    m.def("show_test_item", "item, *, add_space", show_test_item, "Print the item's id and the names of its fixtures.");
    fastest::hooks::plays_quietly(m.def("pytest_runtest_setup", "item", setup_hook), fastest::hooks::idle_part);
    fastest::hooks::plays_quietly(m.def("pytest_runtest_call", "item", call_hook), fastest::hooks::idle_part);
    fastest::hooks::plays_quietly(m.def("pytest_runtest_teardown", "item, nextitem", teardown_hook), fastest::hooks::idle_part);
    m.def("_update_current_test_var", "item, when", update_current_test);
    fastest::hooks::plays_quietly(m.def("pytest_report_teststatus", "report", teststatus_hook), fastest::hooks::idle_part);
    m.def("call_and_report", "item, when, log=True, **kwds", call_and_report);
    m.def("get_reraise_exceptions", "config", [](Args a) { return reraised(a[0]); },
          "The exception types that end the run instead of failing a test.");
    m.def("check_interactive_exception", "call, report", [](Args a) { return boolean(is_interactive(a[0], a[1])); },
          "Whether what was raised is shown to debuggers.");
    fastest::hooks::plays_quietly(m.def("pytest_runtest_makereport", "item, call", makereport_hook), fastest::hooks::idle_part);
}
