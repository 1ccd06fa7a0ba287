// Options of the terminal report and its registration.

#include "engine/py/ini_choices.h"
#include "engine/py/module.h"

namespace fastest::terminal {
namespace {

using namespace py;

constexpr const char* kReportCharsHelp =
    "Show extra test summary info as specified by chars: (f)ailed, (E)rror, (s)kipped, (x)failed, (X)passed, "
    "(p)assed, (P)assed with output, (a)ll except passed (p/P), or (A)ll. (w)arnings are enabled by default (see "
    "--disable-warnings), 'N' can be used to reset the list. (default: 'fE').";

/// One option: names, then what add_argument takes. Null values are left out.
struct Option {
    std::vector<const char*> names;
    const char* help;
    const char* dest = nullptr;
    const char* action = nullptr;
    object default_value = {};
    object more = {};  // dict of further keywords
};

void add(handle group, const Option& option) {
    object names = new_list();
    bool reserved = false;
    for (const char* name : option.names) {
        append(names, str(name));
        reserved |= name[1] != '-';
    }
    object keywords = option.more.is_valid() ? option.more : new_dict();
    if (option.action) dict_set(keywords, "action"_n, str(option.action));
    if (option.dest) dict_set(keywords, "dest"_n, str(option.dest));
    if (option.default_value.is_valid()) dict_set(keywords, "default"_n, option.default_value);
    dict_set(keywords, "help"_n, str(option.help));
    // lower-case short options are reserved for pytest itself
    call_ex(get(group, reserved ? "_addoption"_n : "addoption"_n), to_tuple(names), keywords);
}

object keywords(std::initializer_list<Keyword> pairs) {
    object dict = new_dict();
    for (const Keyword& pair : pairs) dict_set(dict, pair.name, pair.value);
    return dict;
}

object words(std::initializer_list<const char*> texts) {
    object list = new_list();
    for (const char* text : texts) append(list, str(text));
    return list;
}

void add_levels(handle group) {
    add(group, {{"-v", "--verbose"}, "Increase verbosity", "verbose", "count", integer(0)});
    add(group, {{"--no-header"}, "Disable header", "no_header", "store_true", boolean(false)});
    add(group, {{"--no-summary"}, "Disable summary", "no_summary", "store_true", boolean(false)});
    add(group, {{"--no-fold-skipped"},
                "Do not fold skipped tests in short summary.",
                "fold_skipped",
                "store_false",
                boolean(true)});
    add(group, {{"--force-short-summary"},
                "Force condensed summary output regardless of verbosity level.",
                "force_short_summary",
                "store_true",
                boolean(false)});
    add(group, {{"-q", "--quiet"},
                "Decrease verbosity",
                "verbose",
                nullptr,
                integer(0),
                keywords({{"action"_n, lookup("_pytest.terminal", "MoreQuietAction"_n)}})});
    add(group, {{"--verbosity"},
                "Set verbosity. Default: 0.",
                "verbose",
                nullptr,
                integer(0),
                keywords({{"type"_n, type_object(PyLong_Type)}})});
}

void add_summaries(handle group) {
    add(group, {{"-r", "--report-chars"},
                kReportCharsHelp,
                "reportchars",
                "store",
                lookup("_pytest.terminal", "_REPORTCHARS_DEFAULT"_n),
                keywords({{"metavar"_n, str("chars")}})});
    add(group, {{"--disable-warnings", "--disable-pytest-warnings"},
                "Disable warnings summary",
                "disable_warnings",
                "store_true",
                boolean(false)});
}

void add_tracebacks(handle group) {
    add(group, {{"-l", "--showlocals"},
                "Show locals in tracebacks (disabled by default)",
                "showlocals",
                "store_true",
                boolean(false)});
    add(group, {{"--no-showlocals"},
                "Hide locals in tracebacks (negate --showlocals passed through addopts)",
                "showlocals",
                "store_false"});
    add(group, {{"--tb"},
                "Traceback print mode (auto/long/short/line/native/no)",
                "tbstyle",
                "store",
                str("auto"),
                keywords({{"metavar"_n, str("style")},
                          {"choices"_n, words({"auto", "long", "short", "no", "line", "native"})}})});
    add(group, {{"--xfail-tb"},
                "Show tracebacks for xfail (as long as --tb != no)",
                "xfail_tb",
                "store_true",
                boolean(false)});
    add(group, {{"--show-capture"},
                "Controls how captured stdout/stderr/log is shown on failed tests. Default: all.",
                "showcapture",
                "store",
                str("all"),
                keywords({{"choices"_n, words({"no", "stdout", "stderr", "log", "all"})}})});
    add(group, {{"--fulltrace", "--full-trace"},
                "Don't cut any tracebacks (default is to cut)",
                nullptr,
                "store_true",
                boolean(false)});
}

void add_colors(handle group) {
    add(group, {{"--color"},
                "Color terminal output (yes/no/auto)",
                "color",
                "store",
                str("auto"),
                keywords({{"metavar"_n, str("color")}, {"choices"_n, words({"yes", "no", "auto"})}})});
    add(group, {{"--code-highlight"},
                "Whether code should be highlighted (only if --color is also enabled). Default: yes.",
                nullptr,
                nullptr,
                str("yes"),
                keywords({{"choices"_n, words({"yes", "no"})}})});
}

object pytest_addoption(Args a) {
    object group = call_method_kw(a[0], "getgroup"_n, {str("terminal reporting"), str("Reporting")},
                                  {{"after"_n, str("general")}});
    add_levels(group);
    add_summaries(group);
    add_tracebacks(group);
    add_colors(group);
    call_method_kw(a[0], "addini"_n, {str("console_output_style")},
                   {{"help"_n, str("Console output: \"classic\", or with additional progress information (\"progress\" "
                                   "(percentage) | \"count\" | \"times\" | \"progress-even-when-capture-no\" (forces "
                                   "progress even when capture=no)")},
                    {"type"_n, ini_choices(a[0], {"classic", "progress", "count", "times", "progress-even-when-capture-no"})},
                    {"default"_n, str("progress")}});
    object config = lookup("_pytest.config", "Config"_n);
    call_method_kw(config, "_add_verbosity_ini"_n, {a[0], get(config, "VERBOSITY_TEST_CASES"_n)},
                   {{"help"_n, str("Specify a verbosity level for test case execution, overriding the main level. "
                                   "Higher levels will provide more detailed information about each test case "
                                   "executed.")}});
    return none();
}

/// Closure: the reporter.
object write_trace(Args a) {
    std::string line = "[traceconfig]";
    for (object arg : each(a[1])) line += cat(" ", arg);
    call_method(a.closure(), "write_line"_n, str(line));
    return none();
}

object pytest_configure(Args a) {
    handle config = a[0];
    call_method(config, "getini"_n, str("console_output_style"));  // a bad value ends the run here
    object reporter = call(lookup("_pytest.terminal", "TerminalReporter"_n), config, lookup("sys", "stdout"_n));
    object plugins = get(config, "pluginmanager"_n);
    call_method(plugins, "register"_n, reporter, str("terminalreporter"));
    object options = get(config, "option"_n);
    if (truth(get(options, "debug"_n)) || truth(get(options, "traceconfig"_n))) {
        object writer = make_function("mywriter", "tags, args", write_trace, reporter);
        call_method(get(get(config, "trace"_n), "root"_n), "setprocessor"_n, str("pytest:config"), writer);
    }
#ifdef _WIN32
    call_method(plugins, "import_plugin"_n, str("terminalprogress"));
#endif
    return none();
}

object py_getreportopt(Args a) {
    object options = get(a[0], "option"_n);
    std::string letters;
    for (object character : each(get(options, "reportchars"_n))) {
        std::string letter = text(character);
        if (letter == "F" || letter == "S") letter = letter == "F" ? "f" : "s";
        if (letter == "a")
            letters = "sxXEf";
        else if (letter == "A")
            letters = "PpsxXEf";
        else if (letter == "N")
            letters.clear();
        else if (letters.find(letter) == std::string::npos)
            letters += letter;
    }
    if (truth(get(options, "disable_warnings"_n)))
        std::erase(letters, 'w');
    else if (letters.find('w') == std::string::npos)
        letters.insert(letters.begin(), 'w');
    return str(letters);
}

// --- -q ---------------------------------------------------------------------------------------

/// Arguments: self, option_strings, dest, default, required, help.
object more_quiet_init(Args a) {
    call_kw(get(global<"argparsing", "Action">(), "__init__"_n), {a[0]},
            {{"option_strings"_n, a[1]},
             {"dest"_n, a[2]},
             {"nargs"_n, integer(0)},
             {"default"_n, a[3]},
             {"required"_n, a[4]},
             {"help"_n, a[5]}});
    return none();
}

object more_quiet_call(Args a) {
    handle values = a[2];
    object dest = get(a[0], "dest"_n);
    set(values, dest, integer(to_int(get_or(values, dest, integer(0))) - 1));
    set(values, "quiet"_n, integer(to_int(get_or(values, "quiet"_n, integer(0))) + 1));
    return none();
}

}  // namespace

FASTEST_MODULE(terminal_options, "_pytest.terminal") {
    m.attr("_REPORTCHARS_DEFAULT", str("fE"));
    m.def("pytest_addoption", "parser", pytest_addoption);
    m.def("pytest_configure", "config", pytest_configure);
    m.def("getreportopt", "config", py_getreportopt);
    m.cls("MoreQuietAction", {global<"argparsing", "Action">()})
        .doc("Counts down, and counts the old `quiet` up.")
        .def("__init__", "self, option_strings, dest, default=None, required=False, help=None", more_quiet_init)
        .def("__call__", "self, parser, namespace, values, option_string=None", more_quiet_call)
        .make();
}

}  // namespace fastest::terminal
