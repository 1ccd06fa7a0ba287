// The ways into a run: `pytest.main`, the programs, and making a Config without running.

#include "engine/collect/garbage_pause.h"
#include "engine/nodes/shelter.h"
#include "engine/py/collector.h"
#include "engine/py/enumeration.h"
#include "engine/py/finally.h"
#include "engine/py/leaving.h"
#include "engine/py/light_import.h"
#include "engine/py/short_cut.h"
#include "engine/py/system_path.h"
#include "engine/settings/config.h"
#include "engine/settings/config_files.h"
#include "engine/settings/late_imports.h"
#include "os/paths.h"

namespace fastest::settings {
namespace {

using namespace py::literals;
using py::Args;
using py::handle;
using py::object;

object facade(handle name) { return py::facade("_pytest.config", name); }

/// args=None, plugins=None, *, prog=None
object get_config(Args a) {
    collect::GarbagePause pause;  // what is made here stays until the end of the run
    pause.begin();
    object manager = py::call(facade("PytestPluginManager"_n)), config_type = facade("Config"_n);
    object args = py::truth(a[0]) ? py::borrow(a[0]) : py::tuple_of();
    object params =
        py::call_kw(py::get(config_type, "InvocationParams"_n), {},
                    {{"args"_n, args}, {"plugins"_n, a[1]}, {"dir"_n, py::call_method(py::system_path(), "cwd"_n)}});
    object config = py::call_kw(config_type, {manager}, {{"invocation_params"_n, params}, {"prog"_n, a[2]}});
    offer_late_imports(config);
    object given = py::get(params, "args"_n);
    if (py::truth(given)) py::call_method_kw(manager, "consider_preparse"_n, {given}, {{"exclude_only"_n, Py_True}});
    for (object name : py::each(facade("default_plugins"_n))) py::call_method(manager, "import_plugin"_n, name);
    py::call(py::global<"extras", "add_options">(), py::get(config, "_parser"_n));
    if (py::is_program()) py::age_all();
    return config;
}

void register_given(handle manager, handle plugins) {
    if (!py::truth(plugins)) return;
    for (object plugin : py::each(plugins))
        py::call_method(manager, py::is_str(plugin) ? "consider_pluginarg"_n : "register"_n, plugin);
}

object parse_command_line(handle config, handle args, handle plugins) {
    object manager = py::get(config, "pluginmanager"_n);
    register_given(manager, plugins);
    object hook = py::get(py::get(manager, "hook"_n), "pytest_cmdline_parse"_n);
    return py::call_named<"pluginmanager", "args">(hook, manager, args);
}

object as_argument_list(handle args) {
    if (PyList_Check(args.ptr())) return py::borrow(args);
    if (py::has(args, "__fspath__"_n)) return py::list_of(py::check(PyOS_FSPath(args.ptr())));
    py::raise(PyExc_TypeError, py::cat("`args` parameter expected to be a list of strings, got: ", py::repr_of(args),
                                       " (type: ", py::type_of(args), ")"));
}

/// args, plugins=None, *, prog=None
object prepareconfig(Args a) {
    object args = as_argument_list(a[0]);
    object config = py::call_kw(facade("get_config"_n), {args, a[1]}, {{"prog"_n, a[2]}});
    try {
        return parse_command_line(config, args, a[1]);
    } catch (nb::python_error& error) {
        py::Handling handling(error);
        py::call_method(config, "_ensure_unconfigure"_n);
        throw;
    }
}

/// PYTEST_VERSION is in the environment while pytest runs.
class VersionInEnvironment {
public:
    VersionInEnvironment() : environ_(py::lookup("os", "environ"_n)), name_(py::str("PYTEST_VERSION")) {
        before_ = py::call_method(environ_, "get"_n, name_);
        py::set_item(environ_, name_, py::lookup("_pytest", "__version__"_n));
    }
    ~VersionInEnvironment() {
        nb::error_scope keep;
        try {
            object environ = py::lookup("os", "environ"_n);
            if (py::is_none(before_))
                py::call_method(environ, "pop"_n, name_, Py_None);
            else
                py::set_item(environ, name_, before_);
        } catch (nb::python_error& error) {
            error.discard_as_unraisable("restoring PYTEST_VERSION");
        }
    }
    VersionInEnvironment(const VersionInEnvironment&) = delete;

private:
    object environ_, name_, before_;
};

object exit_code(handle member) { return py::get(facade("ExitCode"_n), member); }

object run_configured(handle config) {
    object result = py::call_named<"config">(py::get(py::get(config, "hook"_n), "pytest_cmdline_main"_n), config);
    try {
        return py::call(facade("ExitCode"_n), result);
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_ValueError)) throw;
        return result;
    }
}

object show_error(handle printer, const nb::python_error& error, handle code) {
    py::Handling handling(error);
    object value = py::borrow(error.value());
    if (error.traceback().is_valid()) py::set(value, "__traceback__"_n, error.traceback());
    py::call_kw(facade(printer), {value}, {{"file"_n, py::lookup("sys", "stderr"_n)}});
    return exit_code(code);
}

/// Null when an error was shown; `code` is then the exit code.
object prepared(handle args, handle plugins, handle prog, object& code) {
    try {
        return py::call_kw(facade("_prepareconfig"_n), {args, plugins}, {{"prog"_n, prog}});
    } catch (nb::python_error& error) {
        if (error.matches(facade("ConftestImportFailure"_n)))
            code = show_error("print_conftest_import_error"_n, error, "USAGE_ERROR"_n);
        else if (error.matches(facade("PluginImportFailure"_n)))
            code = show_error("print_plugin_import_error"_n, error, "INTERNAL_ERROR"_n);
        else
            throw;
        return {};
    }
}

/// When a run is over: the counts of its short cuts, for those who asked for them.
struct ShortCutCounts {
    ShortCutCounts() = default;
    ~ShortCutCounts() { py::record_short_cuts(); }
    ShortCutCounts(const ShortCutCounts&) = delete;
};

/// Has the collector see all of a run's session: now, or with the end of the process whose only run it was.
void end_session(handle config, handle ended_sessions) {
    object session = py::call_method(py::get(config, "pluginmanager"_n), "get_plugin"_n, "session"_n);
    if (!nodes::is_node(session)) return;
    if (ended_sessions.is_valid())
        py::append(ended_sessions, session);
    else
        nodes::end_shelter(session);
}

object run(handle args, handle plugins, handle prog, handle ended_sessions) {
    ShortCutCounts counts;
    VersionInEnvironment version;
    try {
        object code;
        object config = prepared(args, plugins, prog, code);
        if (!config.is_valid()) return code;
        py::set(config, "_run_by_main"_n, Py_True);
        py::finally([&] { code = run_configured(config); },
                    [&] {
                        py::finally([&] { py::call_method(config, "_ensure_unconfigure"_n); },
                                    [&] { end_session(config, ended_sessions); });
                    });
        return code;
    } catch (nb::python_error& error) {
        if (!error.matches(py::lookup("_pytest.config.exceptions", "UsageError"_n))) throw;
        return show_error("print_usage_error"_n, error, "USAGE_ERROR"_n);
    }
}

/// A single `--version` is answered without starting anything.
bool asks_for_version(handle args) {
    if (!PyList_Check(args.ptr()) && !PyTuple_Check(args.ptr()) && !py::is_str(args)) return false;
    long long count = 0;
    for (const char* word : {"--version", "-V"}) count += py::to_int(py::call_method(args, "count"_n, py::str(word)));
    return count == 1;
}

object main_with(handle given, handle plugins, handle prog, handle ended_sessions = {}) {
    object args = py::borrow(given);
    if (py::is_none(args)) args = py::check(PySequence_GetSlice(py::lookup("sys", "argv"_n).ptr(), 1, PY_SSIZE_T_MAX));
    if (asks_for_version(args)) {
        py::call_method(py::lookup("sys", "stdout"_n), "write"_n,
                        py::strcat("pytest ", py::lookup("_pytest", "__version__"_n), "\n"));
        return exit_code("OK"_n);
    }
    return run(args, plugins, prog, ended_sessions);
}

/// *, args=None, plugins=None, prog
object main_with_prog(Args a) { return main_with(a[0], a[1], a[2]); }

object main(Args a) {
    return py::call_kw(facade("_main"_n), {},
                       {{"args"_n, a[0]}, {"plugins"_n, a[1]}, {"prog"_n, py::str("pytest.main()")}});
}

object prog_name(Args a) {
    object first = py::truth(a[0]) ? py::item(a[0], py::integer(0)) : py::str("");
    object name = py::call(py::lookup("os.path", "basename"_n), first);
    return py::str(PyUnicode_CompareWithASCIIString(name.ptr(), "__main__.py") == 0 ? "python -m pytest" : "pytest");
}

/// The run of a program, by the engine's own `_main` unless somebody has replaced it.
object run_program(handle ended_sessions) {
    try {
        object prog = py::call(facade("_get_prog_name"_n), py::lookup("sys", "argv"_n));
        object main = facade("_main"_n);
        object code = main.is(py::global<"config", "_main">()) ? main_with(Py_None, Py_None, prog, ended_sessions)
                                                               : py::call_kw(main, {}, {{"prog"_n, prog}});
        py::call_method(py::lookup("sys", "stdout"_n), "flush"_n);
        return code;
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_BrokenPipeError)) throw;
        // What is still buffered must not fail again at exit:
        // https://docs.python.org/3/library/signal.html#note-on-sigpipe
        py::Handling handling(error);
        object os = py::import_module("os");
        object null = py::call_method(os, "open"_n, py::get(os, "devnull"_n), py::get(os, "O_WRONLY"_n));
        py::call_method(os, "dup2"_n, null, py::call_method(py::lookup("sys", "stdout"_n), "fileno"_n));
        return py::integer(1);
    }
}

/// At the end of the process, behind the exit functions of tests and plugins, which were registered later. Closure: the
/// sessions.
object end_sessions(Args a) {
    object ended = py::to_list(a.closure());
    py::check(PyList_SetSlice(a.closure().ptr(), 0, PY_SSIZE_T_MAX, nullptr));
    for (object session : py::each(ended)) nodes::end_shelter(session);
    return py::none();
}

object main_of_program(Args) {
    object ended_sessions = py::new_list();
    object end_them = py::make_function("end_sessions", "", end_sessions, ended_sessions);
    object exit_codes = py::plan_end(end_them);
    if (!exit_codes.is_valid()) py::call(py::lookup("atexit", "register"_n), end_them);
    object code = run_program(ended_sessions);
    if (exit_codes.is_valid()) py::append(exit_codes, code);
    return code;
}

/// Whether the caller is the script of an older pytest in an environment that `fastest takeover on` was said in: it
/// calls `console_main`, and nobody wrote that call.
bool is_called_by_script_of_older_pytest() {
    if (!py::loaded_module("fastest.takeover"_n).is_valid()) return false;
    handle globals = PyEval_GetGlobals();
    object caller = globals.is_valid() ? py::dict_get(globals, "__name__"_n) : object();
    if (!caller.is_valid() || !py::equal(caller, "__main__"_n)) return false;
    object arguments = py::lookup("sys", "argv"_n);
    if (!py::truth(arguments)) return false;
    std::string program = py::text_of(py::item(arguments, py::integer(0)));
    std::string_view name = os::name_of(program);
    return name == "pytest" || name == "py.test";
}

object console_main(Args) {
    if (is_called_by_script_of_older_pytest()) return py::call(facade("_console_main"_n));
    object warning = py::call_method(py::facade("_pytest.deprecated", "CONSOLE_MAIN"_n), "format"_n);
    py::call_kw(py::lookup("warnings", "warn"_n), {warning}, {{"stacklevel"_n, py::integer(1)}});
    return py::call(facade("_console_main"_n));
}

/// config, file=None
object create_terminal_writer(Args a) {
    object writer = py::call_kw(py::lookup("_pytest._io", "TerminalWriter"_n), {}, {{"file"_n, a[1]}});
    object option = py::get(a[0], "option"_n);
    auto follow = [&](handle choice, handle attribute) {
        object value = py::get(option, choice);
        if (!py::is_str(value)) return;
        if (PyUnicode_CompareWithASCIIString(value.ptr(), "yes") == 0) py::set(writer, attribute, Py_True);
        if (PyUnicode_CompareWithASCIIString(value.ptr(), "no") == 0) py::set(writer, attribute, Py_False);
    };
    follow("color"_n, "hasmarkup"_n);
    follow("code_highlight"_n, "code_highlight"_n);
    return writer;
}

void define_exit_code(py::Module& m) {
    py::make_enum(m, "ExitCode",
                  {{"OK", py::integer(0)},
                   {"TESTS_FAILED", py::integer(1)},
                   {"INTERRUPTED", py::integer(2)},
                   {"INTERNAL_ERROR", py::integer(3)},
                   {"USAGE_ERROR", py::integer(4)},
                   {"NO_TESTS_COLLECTED", py::integer(5)},
                   {"MAX_WARNINGS_ERROR", py::integer(6)}},
                  {}, "The exit codes of pytest. Plugins may give others.\n\n.. versionadded:: 5.0", "pytest",
                  py::get(py::light_import("enum"), "IntEnum"_n));
}

}  // namespace

void define_main(py::Module& m) {
    define_exit_code(m);
    m.def("get_config", "args=None, plugins=None, *, prog=None", get_config);
    m.def(
        "get_plugin_manager", "", [](Args) { return py::get(py::call(facade("get_config"_n)), "pluginmanager"_n); },
        "A new plugin manager with the default plugins loaded, for tools that run tests by themselves.");
    m.def("_prepareconfig", "args, plugins=None, *, prog=None", prepareconfig);
    m.def("_main", "*, args=None, plugins=None, prog", main_with_prog);
    object entry = m.def("main", "args=None, plugins=None", main,
                         "Run tests in this process.\n\n"
                         ":param args: Command line arguments, a list, or one path; those of the process when None.\n"
                         ":param plugins: Plugin objects to register, or names of modules to import.\n"
                         ":returns: The exit code.");
    m.cls("cmdline")
        .attr("main", py::check(PyStaticMethod_New(entry.ptr())))
        .doc("An old name for the entry point.")
        .make();
    m.def("_get_prog_name", "argv", prog_name);
    m.def("_console_main", "", main_of_program);
    m.def("console_main", "", console_main, "Deprecated: what the program `pytest` runs. Use :func:`pytest.main`.");
    m.def("filename_arg", "path, optname", [](Args a) {
        bool is_folder = py::truth(py::call(py::lookup("os.path", "isdir"_n), a[0]));
        if (is_folder) usage_error(py::cat(a[1], " must be a filename, given: ", a[0]));
        return py::borrow(a[0]);
    });
    m.def("directory_arg", "path, optname", [](Args a) {
        bool is_folder = py::truth(py::call(py::lookup("os.path", "isdir"_n), a[0]));
        if (!is_folder) usage_error(py::cat(a[1], " must be a directory, given: ", a[0]));
        return py::borrow(a[0]);
    });
    m.def("create_terminal_writer", "config, file=None", create_terminal_writer,
          "A TerminalWriter that follows `--color` and `--code-highlight`.");
}

FASTEST_MODULE(config, "_pytest.config") {
    define_plugin_names(m);
    define_import_failures(m);
    define_warning_filters(m);
    define_plugin_manager(m);
    define_config(m);
    define_main(m);
}

}  // namespace fastest::settings
