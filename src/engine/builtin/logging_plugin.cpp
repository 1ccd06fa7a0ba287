// The logging plugin: captures the log of each phase, writes the log file, shows live logs.
//
// Handlers stand on the root logger all through a run. As long as nobody has imported `logging` there are none: what
// would be attached is noted in `_open`, and is attached when the import is noticed.

#include "engine/builtin/logging_plugin.h"
#include "engine/py/import_watch.h"

#include <optional>

#include "engine/builtin/log_catching.h"
#include "engine/builtin/logging_options.h"
#include "engine/hooks/quiet.h"
#include "engine/py/system_path.h"

namespace fastest::builtin {

namespace {

object formatters(const char* name) { return py::get(py::room("logging_formatters"), py::str(name)); }
object handlers(const char* name) { return py::get(py::room("logging_handlers"), py::str(name)); }
object config_of(handle self) { return py::get(self, "_config"_n); }
object plugin(handle config, handle name) {
    return py::call_method(py::get(config, "pluginmanager"_n), "get_plugin"_n, name);
}

bool is_ready(handle self) { return py::truth(py::get(self, "_ready"_n)); }

// --- handlers ---------------------------------------------------------------------------------

bool may_color(handle config) { return !py::equal(py::get_or(py::get(config, "option"_n), "color"_n, "no"_n), "no"_n); }

object create_formatter(py::Args a) {
    object config = config_of(a[0]);
    object colored = formatters("ColoredLevelFormatter");
    object formatter;
    if (may_color(config) && py::truth(py::call_method(py::get(colored, "LEVELNAME_FMT_REGEX"_n), "search"_n, a[1]))) {
        object writer = py::try_get(a[0], "_writer"_n);
        if (!writer.is_valid()) writer = py::call(py::facade("_pytest.config", "create_terminal_writer"_n), config);
        formatter = py::call(colored, writer, a[1], a[2]);
    } else {
        formatter = py::call(formatters("DatetimeFormatter"), a[1], a[2]);
    }
    object style = py::get(py::get(formatter, "_style"_n), "_fmt"_n);
    py::set(formatter, "_style"_n,
            py::call_kw(formatters("PercentStyleMultiline"), {style}, {{"auto_indent"_n, a[3]}}));
    return formatter;
}

object formatter_for(handle self, std::initializer_list<handle> format, std::initializer_list<handle> dates) {
    object config = config_of(self);
    return py::call_method(self, "_create_formatter"_n, option_or_ini(config, format), option_or_ini(config, dates),
                           option_or_ini(config, {"log_auto_indent"_n}));
}

object with_formatter(object handler, handle formatter) {
    py::call_method(handler, "setFormatter"_n, formatter);
    return handler;
}

void make_file_handler(handle self) {
    object config = config_of(self);
    object devnull = py::lookup("os", "devnull"_n);
    object file = option_or_ini(config, {"log_file"_n});
    if (!py::truth(file)) file = devnull;
    if (!py::equal(file, devnull)) {
        object path = py::lookup("os", "path"_n);
        object folder = py::call_method(path, "dirname"_n, py::call_method(path, "abspath"_n, file));
        if (!py::truth(py::call_method(path, "isdir"_n, folder))) py::call(py::lookup("os", "makedirs"_n), folder);
    }
    object handler = py::call_kw(handlers("_FileHandler"), {file},
                                 {{"mode"_n, py::get(self, "log_file_mode"_n)}, {"encoding"_n, py::str("UTF-8")}});
    object format = option_or_ini(config, {"log_file_format"_n, "log_format"_n});
    object dates = option_or_ini(config, {"log_file_date_format"_n, "log_date_format"_n});
    object formatter = py::call_kw(formatters("DatetimeFormatter"), {format}, {{"datefmt"_n, dates}});
    py::set(self, "log_file_handler"_n, with_formatter(handler, formatter));
}

void make_live_handler(handle self) {
    object config = config_of(self), handler;
    if (py::truth(py::call_method(self, "_log_cli_enabled"_n)))
        handler = py::call(handlers("_LiveLoggingStreamHandler"), plugin(config, "terminalreporter"_n),
                           plugin(config, "capturemanager"_n));
    else
        handler = py::call(handlers("_LiveLoggingNullHandler"));
    object formatter =
        formatter_for(self, {"log_cli_format"_n, "log_format"_n}, {"log_cli_date_format"_n, "log_date_format"_n});
    py::set(self, "log_cli_handler"_n, with_formatter(handler, formatter));
}

void fill_stash(handle self, handle item, handle when) {
    object stash = py::get(item, "stash"_n), handler = py::get(self, "caplog_handler"_n);
    py::set_item(py::item(stash, caplog_records_key()), when, py::get(handler, "records"_n));
    py::set_item(stash, caplog_handler_key(), handler);
}

/// What the phases before this one have logged when `logging` was not imported: nothing.
object records_before(handle when) {
    object earlier = py::new_dict();
    for (handle name : {"setup"_n, "call"_n, "teardown"_n}) {
        if (py::equal(name, when)) break;
        py::dict_set(earlier, name, py::new_list());
    }
    return earlier;
}

/// Makes the handlers and attaches those that ought to be attached by now. `logging` is imported.
void make_ready(handle self) {
    if (is_ready(self)) return;
    py::set(self, "_ready"_n, Py_True);
    object formatter = formatter_for(self, {"log_format"_n}, {"log_date_format"_n});
    py::set(self, "formatter"_n, formatter);
    for (handle name : {"caplog_handler"_n, "report_handler"_n})
        py::set(self, name, with_formatter(py::call(handlers("LogCaptureHandler")), formatter));
    make_file_handler(self);
    make_live_handler(self);
    object open = py::get(self, "_open"_n);
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(open.ptr()); ++i) {
        object noted = py::borrow(PyList_GET_ITEM(open.ptr(), i));
        object handler = py::get(self, py::item(noted, py::integer(0)));
        py::set_item(open, py::integer(i), start_catching(handler, py::item(noted, py::integer(1))));
    }
    object phase = py::get(self, "_phase"_n);
    if (py::is_none(phase)) return;
    object item = py::item(phase, py::integer(0)), when = py::item(phase, py::integer(1));
    py::set_item(py::get(item, "stash"_n), caplog_records_key(), records_before(when));
    fill_stash(self, item, when);
}

/// Attaches a handler, by the name of the plugin's attribute; or notes that it ought to be.
void open_context(handle self, handle handler_name, handle level) {
    object entry =
        is_ready(self) ? start_catching(py::get(self, handler_name), level) : py::tuple_of(handler_name, level);
    py::append(py::get(self, "_open"_n), entry);
}

void close_context(handle self) {
    object entry = py::call_method(py::get(self, "_open"_n), "pop"_n);
    if (!PyTuple_Check(entry.ptr())) stop_catching(entry);
}

bool logging_is_loaded() {
    object name = py::str("logging");
    return py::steal(PyImport_GetModule(name.ptr())).is_valid();
}

object initialise(py::Args a) {
    handle self = a[0], config = a[1];
    py::set(self, "_config"_n, config);
    py::set(self, "_ready"_n, Py_False);
    // Handlers may be made while the output is captured, and then it would be no terminal.
    if (may_color(config))
        py::set(self, "_writer"_n, py::call(py::facade("_pytest.config", "create_terminal_writer"_n), config));
    py::set(self, "_open"_n, py::new_list());
    py::set(self, "_phase"_n, Py_None);
    py::set(self, "log_level"_n, log_level_setting(config, {"log_level"_n}));
    py::set(self, "log_file_level"_n, log_level_setting(config, {"log_file_level"_n, "log_level"_n}));
    object mode = option_or_ini(config, {"log_file_mode"_n});
    py::set(self, "log_file_mode"_n, py::truth(mode) ? mode : py::borrow("w"_n));
    py::set(self, "log_cli_level"_n, log_level_setting(config, {"log_cli_level"_n, "log_level"_n}));
    object disabled = py::get(py::get(config, "option"_n), "logger_disable"_n);
    bool needed = py::truth(disabled) || py::truth(option_or_ini(config, {"log_file"_n})) ||
                  py::truth(py::call_method(self, "_log_cli_enabled"_n));
    if (!needed && !logging_is_loaded()) {
        object ready = py::make_function(
            "make_ready", "logging", [](py::Args args) { return py::call(args.closure()); },
            py::get(self, "_make_ready"_n));
        py::call_method(config, "add_cleanup"_n, py::watch_import("logging", ready));
        return py::none();
    }
    py::import_module("logging");
    make_ready(self);
    py::call_method_kw(self, "_disable_loggers"_n, {}, {{"loggers_to_disable"_n, disabled}});
    return py::none();
}

/// The handlers are asked for: they need `logging`, whose import makes them.
object missing_attribute(py::Args a) {
    std::string name = py::text(a[1]);
    bool made_late = name == "formatter" || name == "caplog_handler" || name == "report_handler" ||
                     name == "log_file_handler" || name == "log_cli_handler";
    if (!made_late || !py::contains(py::get(a[0], "__dict__"_n), "_ready"_n) || is_ready(a[0]))
        py::raise(PyExc_AttributeError, py::cat("'LoggingPlugin' object has no attribute ", py::repr_of(a[1])));
    py::import_module("logging");
    make_ready(a[0]);
    return py::get(a[0], a[1]);
}

object disable_loggers(py::Args a) {
    if (!py::truth(a[1])) return py::none();
    for (object name : py::each(a[1]))
        py::set(py::call(py::lookup("logging", "getLogger"_n), name), "disabled"_n, Py_True);
    return py::none();
}

object set_log_path(py::Args a) {
    handle self = a[0];
    object path = py::call(py::system_path(), a[1]);
    if (!py::truth(py::call_method(path, "is_absolute"_n)))
        path = py::check(PyNumber_TrueDivide(py::get(config_of(self), "rootpath"_n).ptr(), path.ptr()));
    object folder = py::get(path, "parent"_n);
    if (!py::truth(py::call_method(folder, "exists"_n)))
        py::call_method_kw(folder, "mkdir"_n, {}, {{"exist_ok"_n, Py_True}, {"parents"_n, Py_True}});
    object stream = py::call_method_kw(
        path, "open"_n, {}, {{"mode"_n, py::get(self, "log_file_mode"_n)}, {"encoding"_n, py::str("UTF-8")}});
    object old = py::call_method(py::get(self, "log_file_handler"_n), "setStream"_n, stream);
    if (py::truth(old)) py::call_method(old, "close"_n);
    return py::none();
}

object log_cli_enabled(py::Args a) {
    object config = config_of(a[0]);
    bool enabled = !py::is_none(py::call_method(config, "getoption"_n, py::str("--log-cli-level"))) ||
                   py::truth(py::call_method(config, "getini"_n, "log_cli"_n));
    return py::boolean(enabled && !py::is_none(plugin(config, "terminalreporter"_n)));
}

// --- hooks ------------------------------------------------------------------------------------

void set_when(handle self, handle when) {
    if (is_ready(self)) py::call_method(py::get(self, "log_cli_handler"_n), "set_when"_n, when);
}

/// Yields while live log and log file are attached.
py::Generator with_outputs(object self, object when) {
    if (when.is_valid()) set_when(self, when);
    open_context(self, "log_cli_handler"_n, py::get(self, "log_cli_level"_n));
    open_context(self, "log_file_handler"_n, py::get(self, "log_file_level"_n));
    std::optional<nb::python_error> error;
    object result;
    try {
        result = co_yield py::none();
    } catch (const nb::python_error& raised) {
        error.emplace(raised);
    }
    close_context(self);
    close_context(self);
    if (error) throw *error;
    co_return result;
}

template <py::FixedString When>
py::Generator session_part(py::OwnedArgs a) {
    return with_outputs(py::borrow(a[0]), py::borrow(py::operator""_n<When>()));
}

py::Generator pass_on() {
    object result = co_yield py::none();
    co_return result;
}

py::Generator runtestloop(py::OwnedArgs a) {
    object self = py::borrow(a[0]);
    if (py::truth(py::get(py::get(py::get(a[1], "config"_n), "option"_n), "collectonly"_n))) return pass_on();
    object config = config_of(self);
    // Progress letters and live logs do not go together.
    if (py::truth(py::call_method(self, "_log_cli_enabled"_n)) &&
        py::to_int(py::call_method(config, "get_verbosity"_n)) < 1)
        py::set(py::get(config, "option"_n), "verbose"_n, py::integer(1));
    return with_outputs(self, object());
}

void begin_phase(handle self, handle item, handle when) {
    set_when(self, when);
    if (is_ready(self)) {
        // Between two phases somebody may have imported `logging`: a debugger, a plugin that handles reports.
        object stash = py::get(item, "stash"_n);
        if (py::equal(when, "setup"_n) || !py::contains(stash, caplog_records_key()))
            py::set_item(stash, caplog_records_key(), records_before(when));
    }
    object level = py::get(self, "log_level"_n);
    open_context(self, "caplog_handler"_n, level);
    open_context(self, "report_handler"_n, level);
    py::set(self, "_phase"_n, py::tuple_of(item, when));
    if (!is_ready(self)) return;
    py::call_method(py::get(self, "caplog_handler"_n), "reset"_n);
    py::call_method(py::get(self, "report_handler"_n), "reset"_n);
    fill_stash(self, item, when);
}

void end_phase(handle self, handle item, handle when) {
    if (is_ready(self)) {
        object text = py::call_method(py::get(py::get(self, "report_handler"_n), "stream"_n), "getvalue"_n);
        py::call_method(item, "add_report_section"_n, when, "log"_n, py::call_method(text, "strip"_n));
    }
    py::set(self, "_phase"_n, Py_None);
    close_context(self);
    close_context(self);
}

void forget_records(handle self, handle item) {
    if (!is_ready(self)) return;
    object stash = py::get(item, "stash"_n);
    for (handle key : {caplog_records_key(), caplog_handler_key()}) py::check(PyObject_DelItem(stash.ptr(), key.ptr()));
}

py::Generator phase(object self, object item, object when) {
    begin_phase(self, item, when);
    std::optional<nb::python_error> error;
    try {
        co_yield py::none();
    } catch (const nb::python_error& raised) {
        error.emplace(raised);
    }
    {
        std::optional<py::Handling> handling;
        if (error) handling.emplace(*error);
        end_phase(self, item, when);
        if (py::equal(when, "teardown"_n)) forget_records(self, item);
    }
    if (error) throw *error;
    co_return py::none();  // wrappers outside of it get no results of the phase
}

/// As long as `logging` is not imported, what would be attached stays noted from one phase to the next.
class QuietLogging final : public hooks::QuietPart {
public:
    explicit QuietLogging(handle plugin) : plugin_(plugin) {}

    bool needs(handle, hooks::Phase) override { return is_ready(plugin_); }

    void enter(handle item, hooks::Phase phase) override {
        handle when = hooks::name_of(phase);
        if (standing_)
            py::set(plugin_, "_phase"_n, py::tuple_of(item, when));
        else
            begin_phase(plugin_, item, when);
    }

    void leave(handle item, hooks::Phase phase, bool) override {
        standing_ = !is_ready(plugin_);
        if (standing_) return;
        end_phase(plugin_, item, hooks::name_of(phase));
        if (phase == hooks::Phase::kTeardown) forget_records(plugin_, item);
    }

    void settle() override {
        if (!standing_) return;
        standing_ = false;
        py::set(plugin_, "_phase"_n, Py_None);
        close_context(plugin_);
        close_context(plugin_);
    }

private:
    handle plugin_;
    bool standing_ = false;
};

/// Live logs write between the phases.
std::unique_ptr<hooks::QuietPart> quiet_logging(handle plugin, hooks::QuietRun&) {
    if (py::truth(py::call_method(plugin, "_log_cli_enabled"_n))) return nullptr;
    return std::make_unique<QuietLogging>(plugin);
}

template <py::FixedString When>
py::Generator phase_hook(py::OwnedArgs a) {
    return phase(py::borrow(a[0]), py::borrow(a[1]), py::borrow(py::operator""_n<When>()));
}

template <py::FixedString When>
object announce(py::Args a) {
    set_when(a[0], py::operator""_n<When>());
    return py::none();
}

object logstart(py::Args a) {
    if (!is_ready(a[0])) return py::none();
    py::call_method(py::get(a[0], "log_cli_handler"_n), "reset"_n);
    return announce<"start">(a);
}

object unconfigure(py::Args a) {
    if (is_ready(a[0])) py::call_method(py::get(a[0], "log_file_handler"_n), "close"_n);
    return py::none();
}

object configure(py::Args a) {
    object made = py::call(py::facade("_pytest.logging", "LoggingPlugin"_n), a[0]);
    py::call_method(py::get(a[0], "pluginmanager"_n), "register"_n, made, py::str("logging-plugin"));
    return py::none();
}

}  // namespace

handle caplog_handler_key() { return py::global<"logging_plugin", "caplog_handler_key">(); }
handle caplog_records_key() { return py::global<"logging_plugin", "caplog_records_key">(); }

FASTEST_MODULE(logging_plugin, "_pytest.logging") {
    object key = py::facade("_pytest.stash", "StashKey"_n);
    m.attr("caplog_handler_key", py::call(key));
    m.attr("caplog_records_key", py::call(key));
    m.cls("LoggingPlugin")
        .def("__init__", "self, config", &initialise)
        .def("__getattr__", "self, name", &missing_attribute)
        .def("_make_ready", "self",
             [](py::Args a) -> object {
                 make_ready(a[0]);
                 return py::none();
             })
        .def("_disable_loggers", "self, loggers_to_disable", &disable_loggers)
        .def("_create_formatter", "self, log_format, log_date_format, auto_indent", &create_formatter)
        .def("set_log_path", "self, fname", &set_log_path,
             "Write the log file to another path from now on; its folder is made.")
        .def("_log_cli_enabled", "self", &log_cli_enabled)
        .wrapper("pytest_sessionstart", "self", &session_part<"sessionstart">, {.tryfirst = true})
        .wrapper("pytest_collection", "self", &session_part<"collection">, {.tryfirst = true})
        .wrapper("pytest_runtestloop", "self, session", &runtestloop)
        .hook("pytest_runtest_logstart", "self", &logstart)
        .hook("pytest_runtest_logreport", "self", &announce<"logreport">)
        .wrapper("pytest_runtest_setup", "self, item", &phase_hook<"setup">)
        .wrapper("pytest_runtest_call", "self, item", &phase_hook<"call">)
        .wrapper("pytest_runtest_teardown", "self, item", &phase_hook<"teardown">)
        .hook("pytest_runtest_logfinish", "self", &announce<"finish">)
        .wrapper("pytest_sessionfinish", "self", &session_part<"sessionfinish">, {.tryfirst = true})
        .hook("pytest_unconfigure", "self", &unconfigure)
        .doc("Captures logs, writes the log file and shows live logs.")
        .make();
    object plugin_class = m.get("LoggingPlugin");
    for (const char* name : {"pytest_runtest_logstart", "pytest_runtest_logreport", "pytest_runtest_setup",
                             "pytest_runtest_call", "pytest_runtest_teardown", "pytest_runtest_logfinish"})
        hooks::plays_quietly(py::get(plugin_class, py::str(name)), quiet_logging);
    m.hook("pytest_configure", "config", &configure, {.trylast = true});
}

}  // namespace fastest::builtin
