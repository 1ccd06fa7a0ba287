// The capture of a run: one global capture, switched on in each phase, and the capture fixture of the running test.

#include <optional>

#include "engine/capture/fork.h"
#include "engine/capture/quiet_capture.h"
#include "engine/capture/stream_capture.h"
#include "engine/py/context_manager.h"
#include "engine/py/temporary_root.h"
#include "os/descriptor.h"

namespace fastest::capture {

namespace {

object global_capture(handle self) { return py::get(self, "_global_capturing"_n); }
object current_fixture(handle self) { return py::get(self, "_capture_fixture"_n); }

/// What a `finally` does: runs `action`, then raises the error again if there is one.
template <class Action>
void finally(const std::optional<nb::python_error>& error, Action&& action) {
    if (!error) return action();
    {
        py::Handling handling(*error);
        action();
    }
    throw *error;
}

object initialise(py::Args a) {
    py::set(a[0], "_method"_n, a[1]);
    py::set(a[0], "_global_capturing"_n, Py_None);
    py::set(a[0], "_capture_fixture"_n, Py_None);
    return py::none();
}

object show(py::Args a) {
    auto shown = [&](handle name) { return py::repr_of(py::get(a[0], name)); };
    return py::strcat("<CaptureManager _method=", shown("_method"_n),
                      " _global_capturing=", shown("_global_capturing"_n),
                      " _capture_fixture=", shown("_capture_fixture"_n), ">");
}

object is_globally_capturing(py::Args a) { return py::boolean(!py::equal(py::get(a[0], "_method"_n), "no"_n)); }

object fixture_name(handle fixture) { return py::get(py::get(fixture, "request"_n), "fixturename"_n); }

object is_capturing(py::Args a) {
    if (py::truth(py::call_method(a[0], "is_globally_capturing"_n))) return py::borrow("global"_n);
    object fixture = current_fixture(a[0]);
    if (py::truth(fixture)) return py::strcat("fixture ", fixture_name(fixture));
    return py::boolean(false);
}

object start_global(py::Args a) {
    if (!py::is_none(global_capture(a[0]))) py::raise_exception(py::call(handle(PyExc_AssertionError)));
    object capture = py::call(py::global<"capture_multi", "_get_multicapture">(), py::get(a[0], "_method"_n));
    py::set(a[0], "_global_capturing"_n, capture);
    py::call_method(capture, "start_capturing"_n);
    return py::none();
}

object stop_global(py::Args a) {
    object capture = global_capture(a[0]);
    if (py::is_none(capture)) return py::none();
    py::call_method(capture, "pop_outerr_to_orig"_n);
    py::call_method(capture, "stop_capturing"_n);
    py::set(a[0], "_global_capturing"_n, Py_None);
    return py::none();
}

object resume_global(py::Args a) {
    object capture = global_capture(a[0]);
    if (!py::is_none(capture)) py::call_method(capture, "resume_capturing"_n);
    return py::none();
}

object suspend_global(py::Args a) {
    object capture = global_capture(a[0]);
    if (!py::is_none(capture)) py::call_method(capture, "suspend_capturing"_n, a[1]);
    return py::none();
}

object suspend(py::Args a) {
    py::call_method(a[0], "suspend_fixture"_n);
    py::call_method(a[0], "suspend_global_capture"_n, a[1]);
    return py::none();
}

object resume(py::Args a) {
    py::call_method(a[0], "resume_global_capture"_n);
    py::call_method(a[0], "resume_fixture"_n);
    return py::none();
}

object read_global(py::Args a) {
    object capture = global_capture(a[0]);
    if (py::is_none(capture)) py::raise_exception(py::call(handle(PyExc_AssertionError)));
    return py::call_method(capture, "readouterr"_n);
}

object set_fixture(py::Args a) {
    object current = current_fixture(a[0]);
    if (py::truth(current))
        py::call_method(
            py::get(a[1], "request"_n), "raiseerror"_n,
            py::strcat("cannot use ", fixture_name(a[1]), " and ", fixture_name(current), " at the same time"));
    py::set(a[0], "_capture_fixture"_n, a[1]);
    return py::none();
}

object unset_fixture(py::Args a) {
    py::set(a[0], "_capture_fixture"_n, Py_None);
    return py::none();
}

template <py::FixedString Method>
object on_fixture(py::Args a) {
    object fixture = current_fixture(a[0]);
    if (py::truth(fixture)) py::call_method(fixture, py::operator""_n<Method>());
    return py::none();
}

py::Generator disabled(py::OwnedArgs a) {
    object self = py::borrow(a[0]);
    object fixture = current_fixture(self);
    bool had_fixture = py::truth(fixture) && py::truth(py::call_method(fixture, "_is_started"_n));
    if (had_fixture) py::call_method(self, "suspend_fixture"_n);
    object global = global_capture(self);
    bool had_global = py::truth(global) && py::truth(py::call_method(global, "is_started"_n));
    if (had_global) py::call_method(self, "suspend_global_capture"_n);
    std::optional<nb::python_error> error;
    try {
        co_yield py::none();
    } catch (const nb::python_error& raised) {
        error.emplace(raised);
    } finally(error, [&] {
        if (had_global) py::call_method(self, "resume_global_capture"_n);
        if (had_fixture) py::call_method(self, "resume_fixture"_n);
    });
    co_return py::none();
}

py::Generator item_capture(py::OwnedArgs a) {
    object self = py::borrow(a[0]), when = py::borrow(a[1]), item = py::borrow(a[2]);
    begin_phase(self);
    std::optional<nb::python_error> error;
    object result;
    try {
        result = co_yield py::none();
    } catch (const nb::python_error& raised) {
        error.emplace(raised);
    } finally(error, [&] { end_phase(self, item, when); });
    co_return result;
}

template <py::FixedString When>
py::Generator phase_hook(py::OwnedArgs a) {
    return item_capture(py::OwnedArgs{a[0], py::operator""_n<When>(), a[1]});
}

py::Generator make_collect_report(py::OwnedArgs a) {
    object self = py::borrow(a[0]);
    if (!py::is_instance(a[1], py::facade("_pytest.nodes", "File"_n))) {
        object report = co_yield py::none();
        co_return report;
    }
    py::call_method(self, "resume_global_capture"_n);
    std::optional<nb::python_error> error;
    object report;
    try {
        report = co_yield py::none();
    } catch (const nb::python_error& raised) {
        error.emplace(raised);
    } finally(error, [&] { py::call_method(self, "suspend_global_capture"_n); });
    object outerr = py::call_method(self, "read_global_capture"_n);
    object out = py::item(outerr, py::integer(0)), err = py::item(outerr, py::integer(1));
    if (py::truth(out)) py::append(py::get(report, "sections"_n), py::tuple_of(py::str("Captured stdout"), out));
    if (py::truth(err)) py::append(py::get(report, "sections"_n), py::tuple_of(py::str("Captured stderr"), err));
    co_return report;
}

object stop_on_trouble(py::Args a) {
    py::call_method(a[0], "stop_global_capturing"_n);
    return py::none();
}

void define_manager(py::Module& m) {
    m.cls("CaptureManager")
        .def("__init__", "self, method", &initialise)
        .def("__repr__", "self", &show)
        .def("is_capturing", "self", &is_capturing, "What captures: \"global\", \"fixture NAME\" or False.")
        .def("is_globally_capturing", "self", &is_globally_capturing)
        .def("start_global_capturing", "self", &start_global)
        .def("stop_global_capturing", "self", &stop_global)
        .def("resume_global_capture", "self", &resume_global)
        .def("suspend_global_capture", "self, in_=False", &suspend_global)
        .def("suspend", "self, in_=False", &suspend)
        .def("resume", "self", &resume)
        .def("read_global_capture", "self", &read_global)
        .def("set_fixture", "self, capture_fixture", &set_fixture)
        .def("unset_fixture", "self", &unset_fixture)
        .def("activate_fixture", "self", &on_fixture<"_start">, "Start the test's capture fixture, if it has one.")
        .def("deactivate_fixture", "self", &on_fixture<"close">)
        .def("suspend_fixture", "self", &on_fixture<"_suspend">)
        .def("resume_fixture", "self", &on_fixture<"_resume">)
        .def(
            "global_and_fixture_disabled", "self",
            [](py::Args a) -> object { return py::make_context_manager(disabled, {a[0]}); },
            "A context manager in which neither the global nor the fixture's capture is on.")
        .def("item_capture", "self, when, item",
             [](py::Args a) -> object {
                 return py::make_context_manager(item_capture, {a[0], a[1], a[2]});
             })
        .wrapper("pytest_make_collect_report", "self, collector", &make_collect_report)
        .wrapper("pytest_runtest_setup", "self, item", &phase_hook<"setup">)
        .wrapper("pytest_runtest_call", "self, item", &phase_hook<"call">)
        .wrapper("pytest_runtest_teardown", "self, item", &phase_hook<"teardown">)
        .hook("pytest_keyboard_interrupt", "self", &stop_on_trouble, {.tryfirst = true})
        .hook("pytest_internalerror", "self", &stop_on_trouble, {.tryfirst = true})
        .doc("The capture plugin: puts the global capture on in each phase of each test and in collection.")
        .make();
    object manager = m.get("CaptureManager");
    for (const char* name : {"pytest_runtest_setup", "pytest_runtest_call", "pytest_runtest_teardown"})
        hooks::plays_quietly(py::get(manager, py::str(name)), quiet_capture);
    remember_manager_methods(manager);
}

// --- the plugin's functions -------------------------------------------------------------------

object addoption(py::Args a) {
    object group = py::call_method(a[0], "getgroup"_n, "general"_n);
    py::call_method_kw(group, "addoption"_n, {py::str("--capture")},
                       {{"action"_n, "store"_n},
                        {"default"_n, "fd"_n},
                        {"metavar"_n, "method"_n},
                        {"choices"_n, py::list_of("fd"_n, "sys"_n, "no"_n, py::str("tee-sys"))},
                        {"help"_n, py::str("Per-test capturing method: one of fd|sys|no|tee-sys")}});
    py::call_method_kw(group, "_addoption"_n, {py::str("-s")},
                       {{"action"_n, "store_const"_n},
                        {"const"_n, "no"_n},
                        {"dest"_n, "capture"_n},
                        {"help"_n, py::str("Shortcut for --capture=no")}});
    return py::none();
}

/// Imports readline while stdin and stdout are still the terminal's, so that it attaches to that.
void attach_readline() {
    if (!os::is_terminal(0)) return;
    try {
        py::import_module("readline");
    } catch (const nb::python_error& error) {
        if (!error.matches(PyExc_ImportError)) throw;
    }
}

py::Generator load_initial_conftests(py::OwnedArgs a) {
    object config = py::borrow(a[0]);
    object method = py::get(py::get(config, "known_args_namespace"_n), "capture"_n);
    attach_readline();
    object manager = py::call(py::global<"capture_manager", "CaptureManager">(), method);
    py::call_method(py::get(config, "pluginmanager"_n), "register"_n, manager, "capturemanager"_n);
    py::call_method(config, "add_cleanup"_n, py::get(manager, "stop_global_capturing"_n));
    part_at_fork(config, manager);
    if (py::equal(method, py::str("fd"))) py::note_temporary_root(py::CleanUp(config));
    py::call_method(manager, "start_global_capturing"_n);
    std::optional<nb::python_error> error;
    try {
        co_yield py::none();
    } catch (const nb::python_error& raised) {
        error.emplace(raised);
    } finally(error, [&] {
        py::call_method(manager, "suspend_global_capture"_n);
        if (!error) return;
        object outerr = py::call_method(manager, "read_global_capture"_n);
        py::call_method(py::lookup("sys", "stdout"_n), "write"_n, py::item(outerr, py::integer(0)));
        py::call_method(py::lookup("sys", "stderr"_n), "write"_n, py::item(outerr, py::integer(1)));
    });
    co_return py::none();
}

}  // namespace

void begin_phase(handle self) {
    py::call_method(self, "resume_global_capture"_n);
    py::call_method(self, "activate_fixture"_n);
}

void end_phase(handle self, handle item, handle when) {
    py::call_method(self, "deactivate_fixture"_n);
    py::call_method(self, "suspend_global_capture"_n, handle(Py_False));
    object outerr = py::call_method(self, "read_global_capture"_n);
    object out = py::item(outerr, py::integer(0)), err = py::item(outerr, py::integer(1));
    py::call_method(item, "add_report_section"_n, when, "stdout"_n, out);
    py::call_method(item, "add_report_section"_n, when, "stderr"_n, err);
}

FASTEST_MODULE(capture_manager, "_pytest.capture") {
    define_manager(m);
    m.hook("pytest_addoption", "parser", &addoption);
    m.wrapper("pytest_load_initial_conftests", "early_config", &load_initial_conftests);
}

}  // namespace fastest::capture
