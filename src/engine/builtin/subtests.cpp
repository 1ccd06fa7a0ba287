// `_pytest.subtests`: blocks inside a test that are reported on their own. A failed one is noted on the config, and the
// test that contains it fails when its own report is judged.

#include "engine/hooks/quiet.h"
#include "engine/py/context_manager.h"
#include "engine/py/postponed.h"
#include "engine/run/collect_report.h"
#include "engine/run/known.h"

namespace fastest::builtin {
namespace {

using namespace run;

bool is_subtest_report(handle report) {
    object type = defined("subtests", "SubtestReport");
    return type.is_valid() && is_instance(report, type);
}

object add_options(Args a) {
    handle config = known<"_pytest.config", "Config">();
    call_kw(
        get(config, "_add_verbosity_ini"_n), {a[0], get(config, "VERBOSITY_SUBTESTS"_n)},
        {{"help"_n, str("Specify verbosity level for subtests. Higher levels will generate output for passed subtests. "
                        "Failed subtests are always reported.")}});
    return none();
}

// --- what a subtest is called with --------------------------------------------------------------

/// Values become texts, so that any report can be sent.
object context_post_init(Args a) {
    object shown = new_dict(), given = get(a[0], "kwargs"_n), show = lookup("_pytest._io.saferepr", "saferepr"_n);
    for (object key : each(given)) dict_set(shown, key, call(show, item(given, key)));
    set_raw(a[0], "kwargs"_n, shown);
    return none();
}

object context_to_json(Args a) {
    object data = new_dict(), kwargs = new_dict();
    check(PyDict_Update(kwargs.ptr(), get(a[0], "kwargs"_n).ptr()));
    dict_set(data, "msg"_n, get(a[0], "msg"_n));
    dict_set(data, "kwargs"_n, kwargs);
    return data;
}

object context_from_json(Args a) {
    return call_kw(a[0], {}, {{"msg"_n, item(a[1], "msg"_n)}, {"kwargs"_n, item(a[1], "kwargs"_n)}});
}

object context_get_state(Args a) { return list_of(get(a[0], "msg"_n), get(a[0], "kwargs"_n)); }

object context_set_state(Args a) {
    set_raw(a[0], "msg"_n, item(a[1], integer(0)));
    set_raw(a[0], "kwargs"_n, item(a[1], integer(1)));
    return none();
}

// --- reports ------------------------------------------------------------------------------------

object description(Args a) {
    object context = get(a[0], "context"_n);
    object message = get(context, "msg"_n), kwargs = get(context, "kwargs"_n);
    std::string out;
    if (!is_none(message)) out = cat("[", message, "]");
    if (truth(kwargs)) {
        std::string params;
        for (object key : each(kwargs)) params += cat(params.empty() ? "" : ", ", key, "=", item(kwargs, key));
        out += cat(out.empty() ? "" : " ", "(", params, ")");
    }
    return str(out.empty() ? "(<subtest>)" : out);
}

object head_line(Args a) {
    return strcat(item(get(a[0], "location"_n), integer(2)), " ", call_method(a[0], "_sub_test_description"_n));
}

object base_method(const char* name) { return get(known<"_pytest.reports", "TestReport">(), str(name)); }

object report_to_json(Args a) {
    object data = call(base_method("_to_json"), a[0]);
    check(PyObject_DelItem(data.ptr(), str("context").ptr()));
    set_item(data, "_report_type"_n, "SubTestReport"_n);
    set_item(data, "_subtest.context"_n, call_method(get(a[0], "context"_n), "_to_json"_n));
    return data;
}

object plain_from_json(handle cls, handle data) {
    return call(get(get(known<"_pytest.reports", "TestReport">(), "_from_json"_n), "__func__"_n), cls, data);
}

object report_from_json(Args a) {
    object report = plain_from_json(a[0], a[1]);
    set(report, "context"_n,
        call_method(global<"subtests", "SubtestContext">(), "_from_json"_n, item(a[1], "_subtest.context"_n)));
    return report;
}

void add_section(handle report, const char* title, handle text) {
    if (truth(text)) append(get(report, "sections"_n), tuple_of(str(title), text));
}

/// Arguments: cls, test_report, context, captured_output, captured_logs.
object report_new(Args a) {
    object report = plain_from_json(a[0], call_method(a[1], "_to_json"_n));
    set(report, "context"_n, a[2]);
    if (truth(a[3])) {
        add_section(report, "Captured stdout call", get(a[3], "out"_n));
        add_section(report, "Captured stderr call", get(a[3], "err"_n));
    }
    if (truth(a[4]))
        add_section(report, "Captured log call", call_method(get(get(a[4], "handler"_n), "stream"_n), "getvalue"_n));
    return report;
}

// --- capture ------------------------------------------------------------------------------------

object plugin(handle request, handle name) {
    return call_method(get(get(request, "config"_n), "pluginmanager"_n), "getplugin"_n, name);
}

/// A started capture fixture of the global kind; None when a test's own fixture captures, or nothing does.
object own_capture(handle request) {
    object option = call_method(get(request, "config"_n), "getoption"_n, "capture"_n, Py_None);
    if (truth(get_or(plugin(request, "capturemanager"_n), "_capture_fixture"_n, Py_None))) return none();
    const char* kind = equal(option, "sys"_n) ? "SysCapture" : equal(option, "fd"_n) ? "FDCapture" : nullptr;
    if (!kind) return none();
    object fixture = call_kw(lookup("_pytest.capture", "CaptureFixture"_n),
                             {lookup("_pytest.capture", str(kind)), request}, {{"_ispytest"_n, Py_True}});
    call_method(fixture, "_start"_n);
    return fixture;
}

Generator capture_output(OwnedArgs a) {
    object fixture = own_capture(a[0]);
    object captured = call(global<"subtests", "Captured">());
    auto read = [&] {
        if (is_none(fixture)) return;
        object texts = call_method(fixture, "readouterr"_n);
        call_method(fixture, "close"_n);
        set(captured, "out"_n, item(texts, integer(0)));
        set(captured, "err"_n, item(texts, integer(1)));
    };
    try {
        co_yield captured;
    } catch (nb::python_error& error) {
        Handling handling(error);
        read();
        throw;
    }
    read();
    co_return none();
}

Generator capture_logs(OwnedArgs a) {
    object logging = plugin(a[0], "logging-plugin"_n);
    if (is_none(logging)) {
        co_yield none();
        co_return none();
    }
    import_module("logging");
    object handler = call(lookup("_pytest.logging", "LogCaptureHandler"_n));
    call_method(handler, "setFormatter"_n, get(logging, "formatter"_n));
    object catching =
        call_kw(lookup("_pytest.logging", "catching_logs"_n), {handler}, {{"level"_n, get(logging, "log_level"_n)}});
    call_method(catching, "__enter__"_n);
    try {
        co_yield call(global<"subtests", "CapturedLogs">(), handler);
    } catch (nb::python_error& error) {
        if (!leave(catching, error.value())) throw;
        co_return none();
    }
    leave(catching);
    co_return none();
}

// --- the context manager ------------------------------------------------------------------------

object enter(Args a) {
    handle self = a[0];
    object request = get(self, "request"_n);
    set(self, "_start"_n, call(lookup("time", "time"_n)));
    set(self, "_precise_start"_n, call(lookup("time", "perf_counter"_n)));
    object output = call(lookup("_pytest.subtests", "capturing_output"_n), request);
    set(self, "_captured_output"_n, call_method(output, "__enter__"_n));
    object logs = call(lookup("_pytest.subtests", "capturing_logs"_n), request);
    try {
        set(self, "_captured_logs"_n, call_method(logs, "__enter__"_n));
    } catch (nb::python_error& error) {
        leave(output, error.value());
        throw;
    }
    set(self, "_captures"_n, tuple_of(logs, output));
    return none();
}

void end_captures(handle self) {
    object captures = get(self, "_captures"_n);
    try {
        leave(item(captures, integer(0)));
    } catch (nb::python_error& error) {
        leave(item(captures, integer(1)), error.value());
        throw;
    }
    leave(item(captures, integer(1)));
}

object finished_call(handle self, handle exception) {
    object excinfo = is_none(exception)
                         ? none()
                         : call_method(known<"_pytest._code.code", "ExceptionInfo">(), "from_exception"_n, exception);
    end_captures(self);
    object precise = call(lookup("time", "perf_counter"_n)), stop = call(lookup("time", "time"_n));
    object duration = check(PyNumber_Subtract(precise.ptr(), get(self, "_precise_start"_n).ptr()));
    return call_kw(lookup("_pytest.runner", "CallInfo"_n), {none(), excinfo},
                   {{"start"_n, get(self, "_start"_n)},
                    {"stop"_n, stop},
                    {"duration"_n, duration},
                    {"when"_n, "call"_n},
                    {"_ispytest"_n, Py_True}});
}

object failure_counts(handle config) {
    return item(get(config, "stash"_n), global<"subtests", "failed_subtests_key">());
}

object report_of(handle self, handle info) {
    object node = get(get(self, "request"_n), "node"_n);
    object made = call_named<"item", "call">(get(get(self, "ihook"_n), "pytest_runtest_makereport"_n), node, info);
    object context = call_kw(lookup("_pytest.subtests", "SubtestContext"_n), {},
                             {{"msg"_n, get(self, "msg"_n)}, {"kwargs"_n, get(self, "kwargs"_n)}});
    return call_kw(
        get(lookup("_pytest.subtests", "SubtestReport"_n), "_new"_n), {made, context},
        {{"captured_output"_n, get(self, "_captured_output"_n)}, {"captured_logs"_n, get(self, "_captured_logs"_n)}});
}

void log_report(handle self, handle report) {
    object pause = call(get(self, "suspend_capture_ctx"_n));
    call_method(pause, "__enter__"_n);
    try {
        call_named<"report">(get(get(self, "ihook"_n), "pytest_runtest_logreport"_n), report);
    } catch (nb::python_error& error) {
        if (!leave(pause, error.value())) throw;
        return;
    }
    leave(pause);
}

/// The error is swallowed, unless it ends the run or the run is to stop at the first failure.
object exit(Args a) {
    handle self = a[0], exception = a[2];
    object config = get(self, "config"_n), request = get(self, "request"_n), node = get(request, "node"_n);
    object info = finished_call(self, exception);
    object report = report_of(self, info);
    if (truth(get(report, "failed"_n))) {
        object counts = failure_counts(config), id = get(node, "id"_n);
        set_item(counts, id, integer(to_int(item(counts, id)) + 1));
    }
    log_report(self, report);
    if (is_interactive(info, report))
        call_named<"node", "call", "report">(get(get(self, "ihook"_n), "pytest_exception_interact"_n), node, info,
                                             report);
    if (is_none(exception)) return boolean(true);
    if (is_instance(exception, call(lookup("_pytest.runner", "get_reraise_exceptions"_n), config)))
        return boolean(false);
    return boolean(!truth(get(get(request, "session"_n), "shouldfail"_n)));
}

// --- the fixture --------------------------------------------------------------------------------

object subtests_of(Args a) {
    object node = get(a[0], "node"_n);
    object manager = call_method(get(get(node, "config"_n), "pluginmanager"_n), "get_plugin"_n, "capturemanager"_n);
    object pause =
        is_none(manager) ? lookup("contextlib", "nullcontext"_n) : get(manager, "global_and_fixture_disabled"_n);
    return call_kw(lookup("_pytest.subtests", "Subtests"_n), {get(node, "ihook"_n), pause, a[0]},
                   {{"_ispytest"_n, Py_True}});
}

object subtests_init(Args a) {
    if (!truth(a[4])) call(lookup("_pytest.deprecated", "check_ispytest"_n), a[4]);
    set(a[0], "_ihook"_n, a[1]);
    set(a[0], "_suspend_capture_ctx"_n, a[2]);
    set(a[0], "_request"_n, a[3]);
    return none();
}

object subtests_test(Args a) {
    object request = get(a[0], "_request"_n);
    return call_kw(lookup("_pytest.subtests", "_SubTestContextManager"_n), {get(a[0], "_ihook"_n), a[1], a[2]},
                   {{"request"_n, request},
                    {"suspend_capture_ctx"_n, get(a[0], "_suspend_capture_ctx"_n)},
                    {"config"_n, get(request, "config"_n)}});
}

// --- hooks --------------------------------------------------------------------------------------

object to_serializable(Args a) { return is_subtest_report(a[0]) ? call_method(a[0], "_to_json"_n) : none(); }

object from_serializable(Args a) {
    if (!equal(call_method(a[0], "get"_n, "_report_type"_n), "SubTestReport"_n)) return none();
    return call_method(global<"subtests", "SubtestReport">(), "_from_json"_n, a[0]);
}

object configure(Args a) {
    object counts = call(lookup("_collections", "defaultdict"_n), type_object(PyLong_Type));
    set_item(get(a[0], "stash"_n), global<"subtests", "failed_subtests_key">(), counts);
    return none();
}

/// A test that passed but contains failed subtests becomes a failed one here, for whoever looks after this hook.
void judge_whole_test(handle report, handle config) {
    object counts = failure_counts(config);
    if (!length(counts)) return;
    object failed = item(counts, get(report, "id"_n));
    long long count = to_int(failed);
    if (count == 0 || !truth(get(report, "passed"_n))) return;
    set(report, "outcome"_n, "failed"_n);
    set(report, "longrepr"_n, strcat("contains ", count, " failed subtest", count > 1 ? "s" : ""));
}

/// UsageError when the setting has a value of another type.
bool is_quiet(handle config) {
    handle level = known<"_pytest.config", "Config">();
    return to_int(call_method(config, "get_verbosity"_n, get(level, "VERBOSITY_SUBTESTS"_n))) == 0;
}

object subtest_status(handle report, bool quiet) {
    object outcome = get(report, "outcome"_n);
    object shown = call_method(report, "_sub_test_description"_n);
    object silent = tuple_of(""_n, ""_n, ""_n);
    if (has(report, "wasxfail"_n)) {
        if (quiet) return silent;
        return equal(outcome, "skipped"_n) ? tuple_of("xfailed"_n, "y"_n, strcat("SUBXFAIL", shown)) : none();
    }
    if (truth(get(report, "failed"_n))) return tuple_of(outcome, "u"_n, strcat("SUBFAILED", shown));
    if (quiet) return silent;
    if (truth(get(report, "passed"_n)))
        return tuple_of(strcat("subtests ", outcome), "u"_n, strcat("SUBPASSED", shown));
    if (truth(get(report, "skipped"_n))) return tuple_of(outcome, "-"_n, strcat("SUBSKIPPED", shown));
    return none();
}

object teststatus(Args a) {
    if (!equal(get(a[0], "when"_n), "call"_n)) return none();
    bool quiet = is_quiet(a[1]);  // also asked for the sake of its error
    if (is_subtest_report(a[0])) return subtest_status(a[0], quiet);
    judge_whole_test(a[0], a[1]);
    return none();
}

/// Reports of tests with failed subtests are changed by `teststatus`.
class QuietSubtests final : public hooks::QuietPart {
public:
    explicit QuietSubtests(handle counts) : counts_(borrow(counts)) {}
    bool wants_report(handle item, hooks::Phase phase) override {
        return phase == hooks::Phase::kCall && length(counts_) && contains(counts_, get(item, "id"_n));
    }

private:
    object counts_;
};

std::unique_ptr<hooks::QuietPart> quiet_subtests(handle, hooks::QuietRun& run) {
    object config = get(run.session(), "config"_n);
    try {
        is_quiet(config);
    } catch (const nb::python_error& error) {
        if (!error.matches(PyExc_Exception)) throw;
        return nullptr;  // each report of a call tells of it
    }
    return std::make_unique<QuietSubtests>(failure_counts(config));
}

void define_reports(Module& m) {
    m.cls("SubtestContext")
        .doc("What `Subtests.test` was called with, as shown in the report.")
        .slots({"msg", "kwargs"})
        .dataclass("*, msg, kwargs", {.frozen = true})
        .def("__post_init__", "self", context_post_init)
        .def("_to_json", "self", context_to_json)
        .classmethod("_from_json", "cls, d", context_from_json)
        .def("__getstate__", "self", context_get_state)
        .def("__setstate__", "self, state", context_set_state)
        .make();
    m.cls("SubtestReport", {known<"_pytest.reports", "TestReport">()})
        .dataclass("context", {.init = false})
        .prop("head_line", head_line)
        .def("_sub_test_description", "self", description)
        .def("_to_json", "self", report_to_json)
        .classmethod("_from_json", "cls, reportdict", report_from_json)
        .classmethod("_new", "cls, test_report, context, captured_output, captured_logs", report_new)
        .make();
}

void define_fixture_classes(Module& m) {
    m.cls("Subtests")
        .doc("The fixture with which a test declares subtests, by :meth:`test`.")
        .def("__init__", "self, ihook, suspend_capture_ctx, request, *, _ispytest=False", subtests_init)
        .def("test", "self, msg=None, **kwargs", subtests_test,
             "A context manager: what fails inside it is reported as a subtest, and the test goes on.\n\n"
             ".. code-block:: python\n\n    def test(subtests):\n        for i in range(5):\n"
             "            with subtests.test(\"custom message\", i=i):\n                assert i % 2 == 0\n\n"
             ":param msg: Shown in the report of a failed subtest.\n"
             ":param kwargs: Values shown in the report as well.")
        .make();
    m.cls("_SubTestContextManager")
        .dataclass("ihook, msg, kwargs, suspend_capture_ctx, request, config")
        .def("__enter__", "self", enter)
        .def("__exit__", "self, exc_type, exc_val, exc_tb", exit)
        .make();
    m.cls("Captured").dataclass("out='', err=''").make();
    m.cls("CapturedLogs").dataclass("handler").make();
}

}  // namespace
}  // namespace fastest::builtin

FASTEST_MODULE(subtests, "_pytest.subtests") {
    using namespace fastest::builtin;
    m.later({"SubtestContext", "SubtestReport"}, define_reports);
    m.later({"Subtests", "_SubTestContextManager", "Captured", "CapturedLogs"}, define_fixture_classes);
    m.attr("failed_subtests_key", call(known<"_pytest.stash", "StashKey">()));
    m.def("subtests_of", "request", subtests_of);
    m.def("capturing_output", "request", [](Args a) { return make_context_manager(capture_output, {a[0]}); });
    m.def("capturing_logs", "request", [](Args a) { return make_context_manager(capture_logs, {a[0]}); });
    m.def("pytest_addoption", "parser", add_options);
    m.def("pytest_report_to_serializable", "report", to_serializable);
    m.def("pytest_report_from_serializable", "data", from_serializable);
    m.def("pytest_configure", "config", configure);
    fastest::hooks::plays_quietly(m.hook("pytest_report_teststatus", "report, config", teststatus, {.tryfirst = true}),
                                  quiet_subtests);
}
