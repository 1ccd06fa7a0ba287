// `_pytest.unittest`: TestCase classes. An item of such a class is the TestResult of its own run: what unittest reports
// to it is kept in `_excinfo` until the phase's report is made.

#include "engine/builtin/twisted.h"
#include "engine/builtin/unittest_case.h"
#include "engine/builtin/unittest_plain.h"
#include "engine/collect/test_call.h"
#include "engine/hooks/quiet.h"
#include "engine/py/frame.h"
#include "engine/py/postponed.h"

namespace fastest::builtin {
namespace {

handle function_class() { return known<"_pytest.python", "Function">(); }
handle exception_info() { return known<"_pytest._code.code", "ExceptionInfo">(); }

// --- the item -----------------------------------------------------------------------------------

object new_instance(Args a) {
    object parent = get(a[0], "parent"_n);
    if (!is_instance(parent, global<"unittest", "UnitTestCase">())) assertion_failed();
    return call_method(parent, "obj"_n, get(a[0], "name"_n));
}

object setup(Args a) {
    set(a[0], "_explicit_tearDown"_n, Py_None);
    call(get(function_class(), "setup"_n), a[0]);
    if (version::kSubtestsComeAtEnd) set(a[0], "_cached_errors_and_skips"_n, Py_None);
    return none();
}

object teardown(Args a) {
    object postponed = get(a[0], "_explicit_tearDown"_n);
    if (!is_none(postponed)) {
        call(postponed);
        set(a[0], "_explicit_tearDown"_n, Py_None);
    }
    set(a[0], "_obj"_n, Py_None);
    del(a[0], "_instance"_n);
    call(get(function_class(), "teardown"_n), a[0]);
    return none();
}

/// With a debugger, the test's tearDown waits until the item's teardown, so that what failed can be looked at.
void postpone_tear_down(handle self, handle testcase) {
    set(self, "_explicit_tearDown"_n, get(testcase, "tearDown"_n));
    set(testcase, "tearDown"_n, make_function("tearDown", "*args", [](Args) { return none(); }));
}

object run_test(Args a) {
    handle self = a[0];
    object testcase = get(self, "instance"_n);
    if (is_none(testcase)) assertion_failed();
    call(lookup("_pytest.debugging", "maybe_wrap_pytest_function_for_tracing"_n), self);
    object function = get(self, "obj"_n);
    if (truth(call(lookup("_pytest.compat", "is_async_function"_n), function))) {
        call_named<"result">(testcase, self);
        return none();
    }
    object parent = get(self, "parent"_n);
    if (!is_instance(parent, global<"unittest", "UnitTestCase">())) assertion_failed();
    if (truth(call_method(get(self, "config"_n), "getoption"_n, "usepdb"_n)) && !is_unittest_skipped(function) &&
        !is_unittest_skipped(get(parent, "obj"_n)))
        postpone_tear_down(self, testcase);
    object name = get(self, "name"_n);
    set(testcase, name, get(self, "obj"_n));
    try {
        call_named<"result">(testcase, self);
    } catch (nb::python_error& error) {
        Handling handling(error);
        del(testcase, name);
        throw;
    }
    del(testcase, name);
    return none();
}

object traceback_filter(Args a) {
    object traceback = call(get(function_class(), "_traceback_filter"_n), a[0], a[1]);
    object is_ours = make_function("is_not_unittest", "entry", [](Args entry) {
        object names = get(get(entry[0], "frame"_n), "f_globals"_n);
        return boolean(!truth(call_method(names, "get"_n, "__unittest"_n)));
    });
    object filtered = call_method(traceback, "filter"_n, is_ours);
    return truth(filtered) ? filtered : traceback;
}

// --- the TestResult -----------------------------------------------------------------------------

object native_display(handle raised) {
    std::string shown;
    try {
        object lines = call_ex(lookup("traceback", "format_exception"_n), to_tuple(raised));
        shown = "NOTE: Incompatible Exception Representation, displaying natively:\n\n" +
                text(call_method(""_n, "join"_n, lines));
    } catch (nb::python_error& error) {
        if (error.matches(PyExc_KeyboardInterrupt)) throw;
        shown = cat("ERROR: Unknown Incompatible Exception representation:\n", repr_of(raised));
    }
    return call_kw(known<"_pytest.outcomes", "Failed">(), {str(shown)}, {{"pytrace"_n, Py_False}});
}

/// An outcome that arose in the engine, as ExceptionInfo.
object info_of(handle exception, const char* method) {
    ensure_traceback(exception, "_pytest.unittest", method);
    return call_method(exception_info(), "from_exception"_n, exception);
}

void record(handle self, handle info) {
    append(call_method(get(self, "__dict__"_n), "setdefault"_n, "_excinfo"_n, new_list()), info);
}

object add_excinfo(Args a) {
    object raised = unwrap_failure(a[1]), info;
    try {
        info = call_method(lookup("_pytest._code", "ExceptionInfo"_n), "from_exc_info"_n, raised);
        get(info, "value"_n);
        get(info, "traceback"_n);
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_TypeError)) throw;
        Handling handling(error);
        info = info_of(native_display(raised), "_addexcinfo");
    }
    record(a[0], info);
    return none();
}

void add_outcome(handle self, handle exception, const char* method) {
    ensure_traceback(exception, "_pytest.unittest", method);
    object traceback = steal(PyException_GetTraceback(exception.ptr()));
    call_method(self, "_addexcinfo"_n, tuple_of(type_of(exception), exception, traceback));
}

object add_error(Args a) {
    object value;
    try {
        value = item(a[2], integer(1));
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_TypeError)) throw;
    }
    if (value.is_valid() && is_instance(value, known<"_pytest.outcomes", "Exit">()))
        call(lookup("_pytest.outcomes", "exit"_n), get(value, "msg"_n));
    call_method(a[0], "_addexcinfo"_n, a[2]);
    return none();
}

object add_failure(Args a) {
    call_method(a[0], "_addexcinfo"_n, a[2]);
    return none();
}

object add_skip(Args a) {
    handle self = a[0], testcase = a[1];
    auto add = [&] { add_outcome(self, skip_at_item(a[2]), "addSkip"); };
    if (!truth(a[3])) {
        add();
    } else if (is_instance(testcase, lookup("unittest.case", "_SubTest"_n))) {
        add();
        object recorded = get(self, "_excinfo"_n);
        if (!is_none(recorded))
            call_method(self, "addSubTest"_n, get(testcase, "test_case"_n), testcase, item(recorded, integer(-1)));
    } else if (version::kSubtestsComeAtEnd && !is_none(get(get(self, "instance"_n), "_outcome"_n))) {
        object found = call_method(self, "_obtain_errors_and_skips"_n);
        if (!length(item(found, integer(0)))) add();
    } else {
        add();
    }
    return none();
}

object add_expected_failure(Args a) {
    object reason = to_str(a[3]);
    add_outcome(a[0], call_kw(known<"_pytest.outcomes", "XFailed">(), {reason}, {}), "addExpectedFailure");
    return none();
}

object add_unexpected_success(Args a) {
    std::string message = "Unexpected success";
    if (truth(a[2])) message += cat(": ", get(a[2], "reason"_n));
    add_outcome(a[0], call_kw(known<"_pytest.outcomes", "Failed">(), {str(message)}, {{"pytrace"_n, Py_False}}),
                "addUnexpectedSuccess");
    return none();
}

object ignore(Args) { return none(); }

// --- unittest's subtests ------------------------------------------------------------------------

object subtest_report(handle self, handle subtest, handle info) {
    object message = get(subtest, "_message"_n);
    message = message.is(lookup("unittest.case", "_subtest_msg_sentinel"_n)) ? none() : to_str(message);
    object params = call(type_object(PyDict_Type), get(subtest, "params"_n));
    object made = call_named<"item", "call">(get(get(self, "ihook"_n), "pytest_runtest_makereport"_n), self, info);
    object context =
        call_kw(lookup("_pytest.subtests", "SubtestContext"_n), {}, {{"msg"_n, message}, {"kwargs"_n, params}});
    return call_kw(get(lookup("_pytest.subtests", "SubtestReport"_n), "_new"_n), {made, context},
                   {{"captured_output"_n, Py_None}, {"captured_logs"_n, Py_None}});
}

/// Before 3.11: skips that unittest held back until it had reported the subtests' errors.
void add_held_back_skips(handle self, handle raised) {
    object found = call_method(self, "_obtain_errors_and_skips"_n);
    object errors = item(found, integer(0)), skips = item(found, integer(1));
    if (!length(skips) || !length(errors)) return;
    if (!raised.is(item(item(errors, integer(-1)), integer(-1)))) return;
    for (object pair : each(skips))
        call_kw(get(self, "addSkip"_n), {item(pair, integer(0)), item(pair, integer(1))},
                {{"handle_subtests"_n, Py_False}});
}

object add_subtest(Args a) {
    handle self = a[0], raised = a[3];
    object excinfo =
        PyTuple_Check(raised.ptr()) ? call_kw(exception_info(), {raised}, {{"_ispytest"_n, Py_True}}) : borrow(raised);
    object zero = integer(0);
    object info = call_kw(
        lookup("_pytest.runner", "CallInfo"_n), {none(), excinfo},
        {{"start"_n, zero}, {"stop"_n, zero}, {"duration"_n, zero}, {"when"_n, "call"_n}, {"_ispytest"_n, Py_True}});
    object report = subtest_report(self, a[2], info), hooks = get(self, "ihook"_n);
    call_named<"report">(get(hooks, "pytest_runtest_logreport"_n), report);
    if (truth(call(lookup("_pytest.runner", "check_interactive_exception"_n), info, report)))
        call_named<"node", "call", "report">(get(hooks, "pytest_exception_interact"_n), self, info, report);
    if (version::kSubtestsComeAtEnd) add_held_back_skips(self, raised);
    return none();
}

object errors_and_skips(Args a) {
    if (!version::kSubtestsComeAtEnd) assertion_failed("This workaround only should be used in Python 3.10");
    object cached = get(a[0], "_cached_errors_and_skips"_n);
    if (!is_none(cached)) return cached;
    object subtest = lookup("unittest.case", "_SubTest"_n), outcome = get(get(a[0], "instance"_n), "_outcome"_n);
    object errors = new_list(), skips = new_list();
    for (object pair : each(get(outcome, "errors"_n)))
        if (is_instance(item(pair, integer(0)), subtest) && !is_none(item(pair, integer(1)))) append(errors, pair);
    for (object pair : each(get(outcome, "skipped"_n)))
        if (!is_instance(item(pair, integer(0)), subtest)) append(skips, pair);
    cached = tuple_of(errors, skips);
    set(a[0], "_cached_errors_and_skips"_n, cached);
    return cached;
}

// --- hooks --------------------------------------------------------------------------------------

/// The recorded outcome replaces the call's, and unittest's SkipTest becomes a skip.
object makereport(Args a) {
    handle item = a[0], info = a[1];
    object test_case_function = defined("unittest", "TestCaseFunction");
    if (test_case_function.is_valid() && is_instance(item, test_case_function)) {
        object recorded = get(item, "_excinfo"_n);
        if (truth(recorded)) set(info, "excinfo"_n, call_method(recorded, "pop"_n, integer(0)));
    }
    object excinfo = get(info, "excinfo"_n);
    if (!truth(excinfo)) return none();
    object unittest = imported("unittest");
    if (!unittest.is_valid()) return none();
    object exception = get(excinfo, "value"_n);
    if (is_instance(exception, get(unittest, "SkipTest"_n)))
        set(info, "excinfo"_n,
            info_of(call(known<"_pytest.outcomes", "Skipped">(), to_str(exception)), "pytest_runtest_makereport"));
    return none();
}

Generator around_protocol(OwnedArgs) {
    KeepRawFailures keep;
    co_return co_yield none();
}

/// Only old versions of trial need the general path around an item. What unittest recorded changes the reports.
class QuietCases final : public hooks::QuietPart {
public:
    bool plain(handle) override { return twisted_major() == 0; }
    bool wants_report(handle item, hooks::Phase) override {
        return type_of(item).is(global<"unittest", "TestCaseFunction">()) && truth(get(item, "_excinfo"_n));
    }
};

std::unique_ptr<hooks::QuietPart> quiet_cases(handle, hooks::QuietRun&) { return std::make_unique<QuietCases>(); }

void define_test_case_function(Module& m) {
    object type = m.cls("TestCaseFunction", {function_class()})
                      .attr("nofuncargs", Py_True)
                      .attr("failfast", Py_False)
                      .attr("_excinfo", Py_None)
                      .def("_getinstance", "self", new_instance)
                      .prop("_testcase", [](Args a) { return get(a[0], "instance"_n); })
                      .def("setup", "self", setup)
                      .def("teardown", "self", teardown)
                      .def("startTest", "self, testcase", ignore)
                      .def("_addexcinfo", "self, rawexcinfo", add_excinfo)
                      .def("addError", "self, testcase, rawexcinfo", add_error)
                      .def("addFailure", "self, testcase, rawexcinfo", add_failure)
                      .def("addSkip", "self, testcase, reason, *, handle_subtests=True", add_skip)
                      .def("addExpectedFailure", "self, testcase, rawexcinfo, reason=''", add_expected_failure)
                      .def("addUnexpectedSuccess", "self, testcase, reason=None", add_unexpected_success)
                      .def("addSuccess", "self, testcase", ignore)
                      .def("stopTest", "self, testcase", ignore)
                      .def("addDuration", "self, testcase, elapsed", ignore)
                      .def("runtest", "self", run_test)
                      .def("_traceback_filter", "self, excinfo", traceback_filter)
                      .def("addSubTest", "self, test_case, test, exc_info", add_subtest)
                      .def("_obtain_errors_and_skips", "self", errors_and_skips)
                      .make();
    remember_case_function(type);
    collect::remember_runnable_tests(type);
}

}  // namespace
}  // namespace fastest::builtin

FASTEST_MODULE(unittest, "_pytest.unittest") {
    using namespace fastest::builtin;
    define_unit_test_case(m);
    m.def("_twisted_major", "", [](Args) { return integer(twisted_major()); });
    m.def("_unwrap_failure", "raised", [](Args a) { return unwrap_failure(a[0]); });
    m.later({"TestCaseFunction"}, define_test_case_function);
    m.def("_is_skipped", "obj", [](Args a) { return boolean(is_unittest_skipped(a[0])); });
    m.def("pytest_configure", "", [](Args) {
        declare_reporter([] { return global<"unittest", "TestCaseFunction">(); });
        return none();
    });
    fastest::hooks::plays_quietly(m.hook("pytest_runtest_makereport", "item, call", makereport, {.tryfirst = true}),
                                  quiet_cases);
    fastest::hooks::plays_quietly(m.wrapper("pytest_runtest_protocol", "item", around_protocol), quiet_cases);
}
