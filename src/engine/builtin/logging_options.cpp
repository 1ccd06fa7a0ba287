// Options of the logging plugin, and reading them.

#include "engine/builtin/logging_options.h"

#include "engine/py/ini_choices.h"

namespace fastest::builtin {

namespace {

struct OptionIni {
    const char* option;
    const char* dest;
    const char* metavar;
    const char* help;
};

constexpr const char* kFormatHelp = "Log format used by the logging module";
constexpr const char* kDateFormatHelp = "Log date format used by the logging module";

object type_or(std::initializer_list<PyTypeObject*> types) {
    object result;
    for (PyTypeObject* type : types) {
        handle next = reinterpret_cast<PyObject*>(type);
        result = result.is_valid() ? py::check(PyNumber_Or(result.ptr(), next.ptr())) : py::borrow(next);
    }
    return result;
}

void add(handle parser, handle group, const OptionIni& option, handle fallback, handle type, handle choices = handle()) {
    py::call_method_kw(parser, "addini"_n, {py::str(option.dest)},
                       {{"default"_n, fallback}, {"type"_n, type}, {"help"_n, py::strcat("Default value for ", option.option)}});
    object kwargs = py::new_dict();
    py::dict_set(kwargs, "dest"_n, py::str(option.dest));
    if (option.metavar) py::dict_set(kwargs, "metavar"_n, py::str(option.metavar));
    if (choices.ptr()) py::dict_set(kwargs, "choices"_n, choices);
    py::dict_set(kwargs, "help"_n, py::str(option.help));
    py::call_ex(py::get(group, "addoption"_n), py::tuple_of(py::str(option.option)), kwargs);
}

object addoption(py::Args a) {
    handle parser = a[0];
    object group = py::call_method(parser, "getgroup"_n, "logging"_n);
    object level = type_or({&PyLong_Type, &PyUnicode_Type});
    object indent = type_or({&PyLong_Type, &PyBool_Type, &PyUnicode_Type});
    object modes = py::list_of("w"_n, "a"_n);
    handle none = Py_None;
    add(parser, group,
        {"--log-level", "log_level", "LEVEL",
         "Level of messages to catch/display. Not set by default, so it depends on the root/parent log handler's "
         "effective level, where it is \"WARNING\" by default."},
        none, level);
    add(parser, group, {"--log-format", "log_format", nullptr, kFormatHelp}, py::str(kDefaultLogFormat), none);
    add(parser, group, {"--log-date-format", "log_date_format", nullptr, kDateFormatHelp},
        py::str(kDefaultLogDateFormat), none);
    py::call_method_kw(parser, "addini"_n, {py::str("log_cli")},
                       {{"default"_n, Py_False},
                        {"type"_n, "bool"_n},
                        {"help"_n, py::str("Enable log display during test run (also known as \"live logging\")")}});
    add(parser, group, {"--log-cli-level", "log_cli_level", nullptr, "CLI logging level"}, none, level);
    add(parser, group, {"--log-cli-format", "log_cli_format", nullptr, kFormatHelp}, none, none);
    add(parser, group, {"--log-cli-date-format", "log_cli_date_format", nullptr, kDateFormatHelp}, none, none);
    add(parser, group, {"--log-file", "log_file", nullptr, "Path to a file when logging will be written to"}, none, none);
    add(parser, group, {"--log-file-mode", "log_file_mode", nullptr, "Log file open mode"}, "w"_n,
        py::ini_choices(parser, {"w", "a"}), modes);
    add(parser, group, {"--log-file-level", "log_file_level", nullptr, "Log file logging level"}, none, level);
    add(parser, group, {"--log-file-format", "log_file_format", nullptr, kFormatHelp}, none, none);
    add(parser, group, {"--log-file-date-format", "log_file_date_format", nullptr, kDateFormatHelp}, none, none);
    add(parser, group,
        {"--log-auto-indent", "log_auto_indent", nullptr,
         "Auto-indent multiline messages passed to the logging module. Accepts true|on, false|off or an integer."},
        none, indent);
    py::call_method_kw(group, "addoption"_n, {py::str("--log-disable")},
                       {{"action"_n, "append"_n},
                        {"default"_n, py::new_list()},
                        {"dest"_n, py::str("logger_disable")},
                        {"help"_n, py::str("Disable a logger by name. Can be passed multiple times.")}});
    return py::none();
}

}  // namespace

object option_or_ini(handle config, std::initializer_list<handle> names) {
    for (handle name : names) {
        object value = py::call_method(config, "getoption"_n, name);
        if (py::is_none(value)) value = py::call_method(config, "getini"_n, name);
        if (py::truth(value)) return value;
    }
    return py::none();
}

object log_level_setting(handle config, std::initializer_list<handle> names) {
    for (handle name : names) {
        object level = py::call_method(config, "getoption"_n, name);
        if (py::is_none(level)) level = py::call_method(config, "getini"_n, name);
        if (py::is_none(level) || py::equal(level, ""_n)) continue;
        if (py::is_str(level)) {
            level = py::call_method(level, "upper"_n);
            level = py::get_or(py::import_module("logging"), level, level);
        }
        try {
            return py::call(py::type_object(PyLong_Type), level);
        } catch (const nb::python_error& error) {
            if (!error.matches(PyExc_ValueError)) throw;
            object message = py::strcat("'", level, "' is not recognized as a logging level name for '", name,
                                        "'. Please consider passing the logging level num instead.");
            py::Handling handling(error);
            py::raise_from(py::call(py::facade("_pytest.config.exceptions", "UsageError"_n), message), error.value());
        }
    }
    return py::none();
}

FASTEST_MODULE(logging_options, "_pytest.logging") {
    m.attr("DEFAULT_LOG_FORMAT", py::str(kDefaultLogFormat));
    m.attr("DEFAULT_LOG_DATE_FORMAT", py::str(kDefaultLogDateFormat));
    m.hook("pytest_addoption", "parser", &addoption);
    m.def("get_option_ini", "config, *names", [](py::Args a) -> object {
        for (object name : py::each(a[1]))
            if (object value = option_or_ini(a[0], {name}); !py::is_none(value)) return value;
        return py::none();
    });
    m.def("get_log_level_for_setting", "config, *setting_names", [](py::Args a) -> object {
        for (object name : py::each(a[1]))
            if (object value = log_level_setting(a[0], {name}); !py::is_none(value)) return value;
        return py::none();
    });
}

}  // namespace fastest::builtin
