// Begin and end of the session: header, internal errors, interruption, the order of the summary.

#include <optional>

#include "engine/py/frame.h"
#include "engine/terminal/reporter.h"

namespace fastest::terminal {
namespace {

using namespace py;

// --- begin ------------------------------------------------------------------------------------

/// `platform.python_version()`: the first word of `sys.version`.
std::string python_version() {
    std::string version = text(lookup("sys", "version"_n));
    return version.substr(0, version.find(' '));
}

std::string platform_line(handle self) {
    std::string line = cat("platform ", lookup("sys", "platform"_n), " -- Python ", python_version());
    object pypy = try_get(import_module("sys"), "pypy_version_info"_n);
    if (pypy.is_valid() && truth(pypy))
        line += cat("[pypy-", item(pypy, integer(0)), ".", item(pypy, integer(1)), ".", item(pypy, integer(2)), "-",
                    item(pypy, integer(3)), "]");
    line += cat(", pytest-", lookup("_pytest._version", "version"_n), ", pluggy-", lookup("pluggy", "__version__"_n));
    object options = get(get(self, "config"_n), "option"_n);
    if (to_int(get(self, "verbosity"_n)) > 0 || truth(get(options, "debug"_n)) ||
        truth(get_or(options, "pastebin"_n, Py_None)))
        line += cat(" -- ", lookup("sys", "executable"_n));
    return line;
}

object reporter_sessionstart(Args a) {
    handle self = a[0];
    set(self, "_session"_n, a[1]);
    set(self, "_session_start"_n, call_timing("_pytest.terminal", facade("_pytest.timing", "Instant"_n)));
    if (!truth(get(self, "showheader"_n))) return none();
    call_method_kw(self, "write_sep"_n, {str("="), str("test session starts")}, {{"bold"_n, Py_True}});
    if (truth(get(self, "no_header"_n))) return none();
    call_method(self, "write_line"_n, str(platform_line(self)));
    object config = get(self, "config"_n);
    object hook = get(get(config, "hook"_n), "pytest_report_header"_n);
    object lines = call_named<"config", "start_path">(hook, config, get(self, "startpath"_n));
    call_method(self, "_write_report_lines_from_hooks"_n, lines);
    return none();
}

object reporter_write_report_lines(Args a) {
    object groups = to_list(a[1]);
    check(PyList_Reverse(groups.ptr()));
    for (object group : each(groups)) {
        if (is_str(group)) {
            call_method(a[0], "write_line"_n, group);
            continue;
        }
        for (object line : each(group)) call_method(a[0], "write_line"_n, line);
    }
    return none();
}

object joined(handle texts) { return call_method(str(", "), "join"_n, texts); }

object config_file_line(handle config) {
    object root = get(config, "rootpath"_n);
    std::string line = cat("configfile: ", call(lookup("_pytest.pathlib", "bestrelpath"_n), root, get(config, "inipath"_n)));
    object ignored = get(config, "_ignored_config_files"_n);
    if (truth(ignored)) line += cat(" (WARNING: ignoring pytest config in ", joined(ignored), "!)");
    return str(line);
}

object reporter_report_header(Args a) {
    handle config = a[1];
    object lines = list_of(strcat("rootdir: ", get(config, "rootpath"_n)));
    if (truth(get(config, "inipath"_n))) append(lines, config_file_line(config));
    object testpaths = get(get(lookup("_pytest.config", "Config"_n), "ArgsSource"_n), "TESTPATHS"_n);
    if (equal(get(config, "args_source"_n), testpaths))
        append(lines, strcat("testpaths: ", joined(call_method(config, "getini"_n, str("testpaths")))));
    object distributions = call_method(get(config, "pluginmanager"_n), "list_plugin_distinfo"_n);
    if (truth(distributions))
        append(lines, strcat("plugins: ", joined(call(facade("_pytest.terminal", "_plugin_nameversions"_n), distributions))));
    return lines;
}

object reporter_plugin_registered(Args a) {
    if (option_is_set(a[0], "traceconfig"_n))
        call_method(a[0], "write_line"_n, strcat("PLUGIN registered: ", a[1]));
    return none();
}

object reporter_internalerror(Args a) {
    for (object line : each(call_method(to_str(a[1]), "split"_n, str("\n"))))
        call_method(a[0], "write_line"_n, strcat("INTERNALERROR> ", line));
    return boolean(true);
}

// --- end --------------------------------------------------------------------------------------

object exit_code(handle name) { return get(lookup("_pytest.config", "ExitCode"_n), name); }

bool ends_with_summary(handle status) {
    for (handle name : {"OK"_n, "TESTS_FAILED"_n, "INTERRUPTED"_n, "USAGE_ERROR"_n, "NO_TESTS_COLLECTED"_n,
                        "MAX_WARNINGS_ERROR"_n})
        if (equal(status, exit_code(name))) return true;
    return false;
}

object reporter_get_max_warnings(Args a) {
    handle int_type = type_object(PyLong_Type);
    object given = option(a[0], "max_warnings"_n);
    if (!is_none(given)) return call(int_type, given);
    object configured = call_method(get(a[0], "config"_n), "getini"_n, str("max_warnings"));
    return is_str(configured) ? call(int_type, configured) : configured;
}

void check_max_warnings(handle self, handle session) {
    object most = call_method(self, "_get_max_warnings"_n);
    if (is_none(most) || !equal(get(session, "exitstatus"_n), exit_code("OK"_n))) return;
    long long count = count_of(self, "warnings"_n);
    if (count <= to_int(most)) return;
    set(session, "exitstatus"_n, exit_code("MAX_WARNINGS_ERROR"_n));
    object line = strcat("Tests pass, but maximum allowed warnings exceeded: ", count, " > ", most);
    call_method_kw(self, "write_line"_n, {line}, {{"red"_n, Py_True}});
}

void write_reason_to_stop(handle self, handle reason) {
    call_method_kw(self, "write_sep"_n, {str("!"), to_str(reason)}, {{"red"_n, Py_True}});
}

Generator reporter_sessionfinish(OwnedArgs a) {
    object result = co_yield none();
    handle self = a[0], session = a[1], status = a[2];
    call_method(writer_of(self), "line"_n, str(""));
    if (ends_with_summary(status)) {
        object config = get(self, "config"_n);
        object hook = get(get(config, "hook"_n), "pytest_terminal_summary"_n);
        call_named<"terminalreporter", "exitstatus", "config">(hook, self, status, config);
    }
    check_max_warnings(self, session);
    object should_fail = get(session, "shouldfail"_n);
    if (truth(should_fail)) write_reason_to_stop(self, should_fail);
    if (equal(status, exit_code("INTERRUPTED"_n))) {
        call_method(self, "_report_keyboardinterrupt"_n);
        set(self, "_keyboardinterrupt_memo"_n, Py_None);
    } else if (object should_stop = get(session, "shouldstop"_n); truth(should_stop)) {
        write_reason_to_stop(self, should_stop);
    }
    call_method(self, "summary_stats"_n);
    co_return result;
}

/// What comes before and after the summaries of plugins; the part after is written even when one of them fails.
Generator reporter_terminal_summary(OwnedArgs a) {
    handle self = a[0];
    bool show = !truth(get(self, "no_summary"_n));
    if (show)
        for (handle part : {"summary_errors"_n, "summary_failures"_n, "summary_xfailures"_n, "summary_warnings"_n,
                            "summary_passes"_n, "summary_xpasses"_n})
            call_method(self, part);
    object result;
    std::optional<nb::python_error> failure;
    try {
        result = co_yield none();
    } catch (nb::python_error& error) {
        failure.emplace(std::move(error));
    }
    if (show) {
        call_method(self, "short_test_summary"_n);
        call_method(self, "summary_warnings"_n);
    }
    if (failure) throw std::move(*failure);
    co_return result;
}

object reporter_keyboard_interrupt(Args a) {
    object shown = call_method_kw(a[1], "getrepr"_n, {}, {{"funcargs"_n, Py_True}});
    set(a[0], "_keyboardinterrupt_memo"_n, shown);
    return none();
}

object reporter_unconfigure(Args a) {
    if (!is_none(get(a[0], "_keyboardinterrupt_memo"_n))) call_method(a[0], "_report_keyboardinterrupt"_n);
    return none();
}

object reporter_report_keyboardinterrupt(Args a) {
    object shown = get(a[0], "_keyboardinterrupt_memo"_n);
    if (is_none(shown) || is_none(get(shown, "reprcrash"_n))) raise_exception(call(handle(PyExc_AssertionError)));
    object crash = get(shown, "reprcrash"_n);
    object message = get(crash, "message"_n);
    call_method(a[0], "write_sep"_n, str("!"), message);
    if (!contains(message, str("KeyboardInterrupt"))) return none();
    object writer = writer_of(a[0]);
    if (option_is_set(a[0], "fulltrace"_n)) {
        call_method(shown, "toterminal"_n, writer);
        return none();
    }
    call_method(crash, "toterminal"_n, writer);
    call_method_kw(writer, "line"_n, {str("(to show a full traceback on KeyboardInterrupt use --full-trace)")},
                   {{"yellow"_n, Py_True}});
    return none();
}

}  // namespace

void define_session(ClassBuilder& reporter) {
    reporter.hook("pytest_sessionstart", "self, session", reporter_sessionstart, {.trylast = true})
        .def("_write_report_lines_from_hooks", "self, lines", reporter_write_report_lines)
        .def("pytest_report_header", "self, config", reporter_report_header)
        .def("pytest_plugin_registered", "self, plugin", reporter_plugin_registered)
        .def("pytest_internalerror", "self, excrepr", reporter_internalerror)
        .def("_get_max_warnings", "self", reporter_get_max_warnings,
             "The most warnings that a run may have, from the command line or the ini file, or None.")
        .wrapper("pytest_sessionfinish", "self, session, exitstatus", reporter_sessionfinish)
        .wrapper("pytest_terminal_summary", "self", reporter_terminal_summary)
        .def("pytest_keyboard_interrupt", "self, excinfo", reporter_keyboard_interrupt)
        .def("pytest_unconfigure", "self", reporter_unconfigure)
        .def("_report_keyboardinterrupt", "self", reporter_report_keyboardinterrupt);
}

}  // namespace fastest::terminal
