// Recording the hook calls of a run (`pytest.HookRecorder`), and asking what was called.

#include "engine/py/module.h"

namespace fastest::builtin {

using namespace py::literals;
using py::handle;
using py::object;

namespace {

object calls_of(handle self) { return py::get(self, "calls"_n); }

[[noreturn]] void fail(std::string_view text) {
    py::call(py::facade("_pytest.outcomes", "fail"_n), py::str(text));
    throw std::logic_error("pytest.fail() has returned");
}

// --- one call ---------------------------------------------------------------------------------

object initialise_call(py::Args a) {
    object own = py::get(a[0], "__dict__"_n);
    py::call_method(own, "update"_n, a[2]);
    py::dict_set(own, "_name"_n, a[1]);
    return py::none();
}

object call_repr(py::Args a) {
    object arguments = py::check(PyDict_Copy(py::get(a[0], "__dict__"_n).ptr()));
    py::dict_remove(arguments, "_name"_n);
    return py::strcat("<RecordedHookCall ", py::repr_of(py::get(a[0], "_name"_n)), "(**", py::repr_of(arguments), ")>");
}

// --- recording --------------------------------------------------------------------------------

/// `closure`: the recorder's list of calls.
object record(py::Args a) {
    py::append(a.closure(), py::call(py::global<"hook_recorder", "RecordedHookCall">(), a[0], a[2]));
    return py::none();
}

object ignore(py::Args) { return py::none(); }

object initialise(py::Args a) {
    handle self = a[0];
    py::call(py::facade("_pytest.deprecated", "check_ispytest"_n), a[2]);
    object calls = py::new_list();
    py::set(self, "_pluginmanager"_n, a[1]);
    py::set(self, "calls"_n, calls);
    py::set(self, "ret"_n, Py_None);
    object before = py::make_function("before", "hook_name, hook_impls, kwargs", &record, calls);
    object after = py::make_function("after", "outcome, hook_name, hook_impls, kwargs", &ignore);
    py::set(self, "_undo_wrapping"_n, py::call_method(a[1], "add_hookcall_monitoring"_n, before, after));
    return py::none();
}

// --- asking -----------------------------------------------------------------------------------

object calls_named(handle self, handle names) {
    object wanted = py::is_str(names) ? py::call_method(names, "split"_n) : py::to_list(names);
    object found = py::new_list();
    for (object call : py::each(calls_of(self)))
        if (py::contains(wanted, py::get(call, "_name"_n))) py::append(found, call);
    return found;
}

object reports_of(handle self, handle names) {
    object reports = py::new_list();
    for (object call : py::each(py::call_method(self, "getcalls"_n, names)))
        py::append(reports, py::get(call, "report"_n));
    return reports;
}

/// Whether `check`, an expression over the call's arguments and the asker's variables, holds.
bool holds(handle check, handle scope, handle call) {
    return py::truth(py::call(py::lookup("builtins", "eval"_n), check, scope, py::get(call, "__dict__"_n)));
}

object assert_contains(py::Args a) {
    object frame = py::call(py::lookup("sys", "_getframe"_n), py::integer(0));
    object scope = py::call(py::type_object(PyDict_Type), py::get(frame, "f_locals"_n));
    object print = py::lookup("builtins", "print"_n);
    object calls = calls_of(a[0]);
    Py_ssize_t at = 0;
    for (object entry : py::each(a[1])) {
        object name = py::item(entry, py::integer(0)), check = py::item(entry, py::integer(1));
        bool found = false;
        for (; !found && at < py::length(calls); ++at) {
            object call = py::item(calls, py::integer(at));
            if (!py::equal(py::get(call, "_name"_n), name)) {
                py::call(print, py::str("NONAMEMATCH"), name, py::str("with"), call);
                continue;
            }
            py::call(print, py::str("NAMEMATCH"), name, call);
            found = holds(check, scope, call);
            py::call(print, py::str(found ? "CHECKERMATCH" : "NOCHECKERMATCH"), py::repr_of(check),
                     py::str(found ? "->" : "-"), call);
        }
        if (!found) fail(py::cat("could not find ", py::repr_of(name), " check ", py::repr_of(check)));
    }
    return py::none();
}

object popcall(py::Args a) {
    object calls = calls_of(a[0]);
    std::string text = py::cat("could not find call ", py::repr_of(a[1]), ", in:");
    Py_ssize_t at = 0;
    for (object call : py::each(calls)) {
        if (py::equal(py::get(call, "_name"_n), a[1])) {
            py::check(PySequence_DelItem(calls.ptr(), at));
            return call;
        }
        text += py::cat("\n  ", call);
        ++at;
    }
    fail(text);
}

object getcall(py::Args a) {
    object found = py::call_method(a[0], "getcalls"_n, a[1]);
    if (py::length(found) != 1) py::raise_exception(py::call(handle(PyExc_AssertionError), py::tuple_of(a[1], found)));
    return py::item(found, py::integer(0));
}

object matchreport(py::Args a) {
    object found = py::new_list();
    bool any_phase = !py::truth(a[3]);
    for (object report : py::each(py::call_method_kw(a[0], "getreports"_n, {}, {{"names"_n, a[2]}}))) {
        object when = py::get_or(report, "when"_n, Py_None);
        if (any_phase && !py::equal(when, "call"_n) && py::truth(py::get(report, "passed"_n))) continue;
        if (!any_phase && !py::equal(when, a[3])) continue;
        object parts = py::call_method(py::get(report, "nodeid"_n), "split"_n, py::str("::"));
        if (!py::truth(a[1]) || py::contains(parts, a[1])) py::append(found, report);
    }
    if (!py::length(found))
        py::raise(PyExc_ValueError,
                  py::cat("could not find test report matching ", py::repr_of(a[1]), ": no test reports at all!"));
    if (py::length(found) > 1)
        py::raise(PyExc_ValueError, py::cat("found 2 or more testreports matching ", py::repr_of(a[1]), ": ", found));
    return py::item(found, py::integer(0));
}

object getfailures(py::Args a) {
    object failed = py::new_list();
    for (object report : py::each(py::call_method(a[0], "getreports"_n, a[1])))
        if (py::truth(py::get(report, "failed"_n))) py::append(failed, report);
    return failed;
}

object listoutcomes(py::Args a) {
    object passed = py::new_list(), skipped = py::new_list(), failed = py::new_list();
    object names = py::tuple_of("pytest_collectreport"_n, "pytest_runtest_logreport"_n);
    for (object report : py::each(py::call_method(a[0], "getreports"_n, names))) {
        if (py::truth(py::get(report, "passed"_n))) {
            if (py::equal(py::get_or(report, "when"_n, Py_None), "call"_n)) py::append(passed, report);
        } else if (py::truth(py::get(report, "skipped"_n))) {
            py::append(skipped, report);
        } else {
            if (!py::truth(py::get(report, "failed"_n)))
                py::raise(PyExc_AssertionError, py::cat("Unexpected outcome: ", py::repr_of(report)));
            py::append(failed, report);
        }
    }
    return py::tuple_of(passed, skipped, failed);
}

object countoutcomes(py::Args a) {
    object counts = py::new_list();
    for (object reports : py::each(py::call_method(a[0], "listoutcomes"_n)))
        py::append(counts, py::integer(py::length(reports)));
    return counts;
}

object assertoutcome(py::Args a) {
    object outcomes = py::call_method(a[0], "listoutcomes"_n);
    return py::call_kw(py::facade("_pytest.pytester_assertions", "assertoutcome"_n), {outcomes},
                       {{"passed"_n, a[1]}, {"skipped"_n, a[2]}, {"failed"_n, a[3]}});
}

/// A recorder of a hook's calls that stops at the test's end.
object recorder_for_test(py::Args a) {
    object recorder = py::call(py::lookup("_pytest.pytester", "HookRecorder"_n), py::get(a[1], "_pm"_n));
    py::call_method(py::get(a[0], "_request"_n), "addfinalizer"_n, py::get(recorder, "finish_recording"_n));
    return recorder;
}

}  // namespace

FASTEST_MODULE(hook_recorder, "_pytest.pytester") {
    m.cls("RecordedHookCall")
        .def("__init__", "self, name, kwargs", &initialise_call)
        .def("__repr__", "self", &call_repr)
        .doc("A recorded call of a hook: its arguments are attributes, its name is `_name`.")
        .make();
    m.cls("HookRecorder")
        .def("__init__", "self, pluginmanager, *, _ispytest=False", &initialise)
        .def("finish_recording", "self",
             [](py::Args a) -> object {
                 py::call(py::get(a[0], "_undo_wrapping"_n));
                 return py::none();
             })
        .def("getcalls", "self, names", [](py::Args a) -> object { return calls_named(a[0], a[1]); },
             "All recorded calls of hooks with these names.")
        .def("assert_contains", "self, entries", &assert_contains)
        .def("popcall", "self, name", &popcall)
        .def("getcall", "self, name", &getcall)
        .def("getreports", "self, names=('pytest_collectreport', 'pytest_runtest_logreport')",
             [](py::Args a) -> object { return reports_of(a[0], a[1]); })
        .def("matchreport", "self, inamepart='', names=('pytest_runtest_logreport', 'pytest_collectreport'), when=None",
             &matchreport,
             "The one report whose node id has this part; of passed phases only the call counts, unless `when` says so.")
        .def("getfailures", "self, names=('pytest_collectreport', 'pytest_runtest_logreport')", &getfailures)
        .def("getfailedcollections", "self",
             [](py::Args a) -> object { return py::call_method(a[0], "getfailures"_n, "pytest_collectreport"_n); })
        .def("listoutcomes", "self", &listoutcomes)
        .def("countoutcomes", "self", &countoutcomes)
        .def("assertoutcome", "self, passed=0, skipped=0, failed=0", &assertoutcome)
        .def("clear", "self",
             [](py::Args a) -> object {
                 object calls = calls_of(a[0]);
                 return py::check(PyObject_CallMethodNoArgs(calls.ptr(), "clear"_n.ptr()));
             })
        .doc("Records all hook calls of a plugin manager, in `calls`.")
        .make();
    m.cls("PytestArg")
        .doc("What the fixture `_pytest` gives.")
        .def("__init__", "self, request",
             [](py::Args a) -> object {
                 py::set(a[0], "_request"_n, a[1]);
                 return py::none();
             })
        .def("gethookrecorder", "self, hook", &recorder_for_test)
        .make();
}

}  // namespace fastest::builtin
