// A run: configuration, session start, collection, tests, session finish; and what its errors mean for the exit code.

#include "engine/collect/session.h"
#include "engine/nodes/shelter.h"
#include "engine/py/finally.h"
#include "engine/py/frame.h"

namespace fastest::collect {
namespace {

using py::Args;

object exit_code(handle name) { return py::get(py::lookup("_pytest.config", "ExitCode"_n), name); }
object exit_exception() { return py::get(py::lookup("_pytest.outcomes", "exit"_n), "Exception"_n); }
object hook_of(handle config, handle name) { return py::get(py::get(config, "hook"_n), name); }
object current_excinfo() { return py::call_method(py::lookup("_pytest._code", "ExceptionInfo"_n), "from_current"_n); }

void write_error(const std::string& text) { py::call_method(py::lookup("sys", "stderr"_n), "write"_n, py::str(text)); }

/// `pytest.exit` inside a reporting hook: its code counts and its text is shown.
void note_exit(handle session, handle exception) {
    if (object code = py::get(exception, "returncode"_n); !py::is_none(code)) py::set(session, "exitstatus"_n, code);
    write_error(py::cat(Py_TYPE(exception.ptr())->tp_name, ": ", exception, "\n"));
}

enum class Stage { kNew, kConfigured, kStarted };

void on_interrupt(handle config, handle session, Stage stage) {
    object excinfo = current_excinfo();
    object value = py::get(excinfo, "value"_n), status = exit_code("INTERRUPTED"_n);
    if (py::is_instance(value, exit_exception())) {
        if (object code = py::get(value, "returncode"_n); !py::is_none(code)) status = code;
        if (stage != Stage::kStarted)
            write_error(py::cat(py::get(excinfo, "typename"_n), ": ", py::get(value, "msg"_n), "\n"));
    }
    py::call_named<"excinfo">(hook_of(config, "pytest_keyboard_interrupt"_n), excinfo);
    py::set(session, "exitstatus"_n, status);
}

void on_internal_error(handle config, handle session) {
    py::set(session, "exitstatus"_n, exit_code("INTERNAL_ERROR"_n));
    object excinfo = current_excinfo();
    try {
        py::call_method(config, "notify_exception"_n, excinfo, py::get(config, "option"_n));
    } catch (nb::python_error& error) {
        if (!error.matches(exit_exception())) throw;
        note_exit(session, error.value());
        return;
    }
    if (py::is_instance(py::get(excinfo, "value"_n), PyExc_SystemExit))
        write_error("mainloop: caught unexpected SystemExit!\n");
}

/// Sets the exit status that an error stands for. Usage errors are thrown again.
void settle(const nb::python_error& error, handle config, handle session, Stage stage) {
    py::ensure_traceback(error.value(), "_pytest.main", "wrap_session");
    py::Handling handling(error);
    if (error.matches(py::lookup("_pytest.config", "UsageError"_n))) {
        py::set(session, "exitstatus"_n, exit_code("USAGE_ERROR"_n));
        throw error;
    }
    if (error.matches(py::global<"main", "Failed">()))
        py::set(session, "exitstatus"_n, exit_code("TESTS_FAILED"_n));
    else if (error.matches(PyExc_KeyboardInterrupt) || error.matches(exit_exception()))
        on_interrupt(config, session, stage);
    else
        on_internal_error(config, session);
}

void run_stages(handle config, handle session, handle doit, Stage& stage) {
    try {
        py::call_method(config, "_do_configure"_n);
        stage = Stage::kConfigured;
        py::call_named<"session">(hook_of(config, "pytest_sessionstart"_n), session);
        stage = Stage::kStarted;
        object status = py::call(doit, config, session);
        py::set(session, "exitstatus"_n, py::truth(status) ? status : py::integer(0));
    } catch (nb::python_error& error) {
        settle(error, config, session, stage);
    }
}

void finish(handle config, handle session, Stage stage) {
    py::call(py::lookup("os", "chdir"_n), py::get(session, "startpath"_n));
    if (stage == Stage::kStarted) {
        try {
            py::call_named<"session", "exitstatus">(hook_of(config, "pytest_sessionfinish"_n), session,
                                                    py::get(session, "exitstatus"_n));
        } catch (nb::python_error& error) {
            if (!error.matches(exit_exception())) throw;
            note_exit(session, error.value());
        }
    }
    py::call_method(config, "_ensure_unconfigure"_n);
}

/// Whether `main` called for the run, finds the session, and ends its shelter with the run.
bool is_found_later(handle config, handle session) {
    return py::truth(py::get_or(config, "_run_by_main"_n, Py_False)) &&
           py::call_method(py::get(config, "pluginmanager"_n), "get_plugin"_n, "session"_n).is(session);
}

object wrap_session(Args a) {
    handle config = a[0], doit = a[1];
    object session = py::call_method(py::lookup("_pytest.main", "Session"_n), "from_config"_n, config);
    py::set(session, "exitstatus"_n, exit_code("OK"_n));
    nodes::begin_shelter(session);
    Stage stage = Stage::kNew;
    py::finally(
        [&] {
            py::finally([&] { run_stages(config, session, doit, stage); }, [&] { finish(config, session, stage); });
        },
        [&] {
            if (!is_found_later(config, session)) nodes::end_shelter(session);
        });
    return py::get(session, "exitstatus"_n);
}

object main_protocol(Args a) {
    handle config = a[0], session = a[1];
    py::call_named<"session">(hook_of(config, "pytest_collection"_n), session);
    py::call_named<"session">(hook_of(config, "pytest_runtestloop"_n), session);
    if (py::truth(py::get(session, "testsfailed"_n))) return exit_code("TESTS_FAILED"_n);
    if (py::equal(py::get(session, "testscollected"_n), py::integer(0))) return exit_code("NO_TESTS_COLLECTED"_n);
    return py::none();
}

}  // namespace

void define_main(py::Module& m) {
    m.def("wrap_session", "config, doit", wrap_session,
          "Run `doit(config, session)` between configuration and unconfiguration; gives the exit status.");
    m.def("pytest_cmdline_main", "config", [](Args a) {
        return py::call(py::lookup("_pytest.main", "wrap_session"_n), a[0], py::lookup("_pytest.main", "_main"_n));
    });
    m.def("_main", "config, session", main_protocol);
    m.def("pytest_collection", "session", [](Args a) {
        py::call_method(a[0], "perform_collect"_n);
        return py::none();
    });
}

}  // namespace fastest::collect
