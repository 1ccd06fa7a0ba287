// The plugin `helpconfig`: `--help`, `--version --version`, `--trace-config`, `--debug`, and the options about configuration.

#include "engine/py/fork.h"
#include "engine/py/module.h"

namespace fastest::builtin {
namespace {

using namespace py::literals;
using py::Args;
using py::handle;
using py::object;
using py::OwnedArgs;

// --- options ----------------------------------------------------------------------------------

/// HelpAction: self, option_strings, dest, *, help=None
object init_help(Args a) {
    py::call_kw(py::get(py::global<"argparsing", "Action">(), "__init__"_n), {a[0], a[1], a[2]},
                {{"nargs"_n, py::integer(0)}, {"const"_n, Py_True}, {"default"_n, Py_False}, {"help"_n, a[3]}});
    return py::none();
}

/// Ends the parsing at once, before other options can be found wrong, when the caller asked for that.
object ask_for_help(Args a) {
    py::set(a[2], py::get(a[0], "dest"_n), py::get(a[0], "const"_n));
    if (py::truth(py::get_or(a[2], "_raise_print_help"_n, Py_False)))
        py::raise_exception(py::call(py::lookup("_pytest.config.exceptions", "PrintHelp"_n)));
    return py::none();
}

object names_of(std::initializer_list<const char*> names) {
    object list = py::new_list();
    for (const char* name : names) py::append(list, py::str(name));
    return py::to_tuple(list);
}

void add(handle group, handle method, std::initializer_list<const char*> names, std::initializer_list<py::Keyword> attributes) {
    object keywords = py::new_dict();
    for (const py::Keyword& attribute : attributes) py::dict_set(keywords, attribute.name, attribute.value);
    py::call_ex(py::get(group, method), names_of(names), keywords);
}

object pytest_addoption(Args a) {
    object group = py::call_method(a[0], "getgroup"_n, py::str("debugconfig"));
    add(group, "addoption"_n, {"-V", "--version"},
        {{"action"_n, py::str("count")},
         {"default"_n, py::integer(0)},
         {"dest"_n, py::str("version")},
         {"help"_n, py::str("Display pytest version and information about plugins. When given twice, also display information "
                            "about plugins.")}});
    add(group, "_addoption"_n, {"-h", "--help"},
        {{"action"_n, py::facade("_pytest.helpconfig", "HelpAction"_n)},
         {"dest"_n, py::str("help")},
         {"help"_n, py::str("Show help message and configuration info")}});
    add(group, "_addoption"_n, {"-p"},
        {{"action"_n, py::str("append")},
         {"dest"_n, py::str("plugins")},
         {"default"_n, py::new_list()},
         {"metavar"_n, py::str("name")},
         {"help"_n, py::str("Early-load given plugin module name or entry point (multi-allowed). To avoid loading of plugins, "
                            "use the `no:` prefix, e.g. `no:doctest`. See also --disable-plugin-autoload.")}});
    add(group, "addoption"_n, {"--disable-plugin-autoload"},
        {{"action"_n, py::str("store_true")},
         {"default"_n, Py_False},
         {"help"_n, py::str("Disable plugin auto-loading through entry point packaging metadata. Only plugins explicitly "
                            "specified in -p or env var PYTEST_PLUGINS will be loaded.")}});
    add(group, "addoption"_n, {"--traceconfig", "--trace-config"},
        {{"action"_n, py::str("store_true")},
         {"default"_n, Py_False},
         {"help"_n, py::str("Trace considerations of conftest.py files")}});
    add(group, "addoption"_n, {"--debug"},
        {{"action"_n, py::str("store")},
         {"nargs"_n, py::str("?")},
         {"const"_n, py::str("pytestdebug.log")},
         {"dest"_n, py::str("debug")},
         {"metavar"_n, py::str("DEBUG_FILE_NAME")},
         {"help"_n, py::str("Store internal tracing debug information in this log file. This file is opened with 'w' and "
                            "truncated as a result, care advised. Default: pytestdebug.log.")}});
    add(group, "_addoption"_n, {"-o", "--override-ini"},
        {{"dest"_n, py::str("override_ini")},
         {"action"_n, py::str("append")},
         {"help"_n, py::str("Override configuration option with \"option=value\" style, e.g. `-o strict_xfail=True -o "
                            "cache_dir=cache`.")}});
    return py::none();
}

// --- --debug ----------------------------------------------------------------------------------

void say(std::string_view text) {
    py::call_method(py::lookup("sys", "stderr"_n), "write"_n, py::str(text));
}

/// Closure: (file, config, undo).
object unset_tracing(Args a) {
    object file = py::item(a.closure(), py::integer(0)), config = py::item(a.closure(), py::integer(1));
    py::call_method(file, "close"_n);
    say(py::cat("wrote pytest debug information to ", py::get(file, "name"_n), "\n"));
    py::call_method(py::get(py::get(config, "trace"_n), "root"_n), "setwriter"_n, Py_None);
    py::call(py::item(a.closure(), py::integer(2)));
    return py::none();
}

std::string python_version() {
    std::string version;
    for (object part : py::each(py::lookup("sys", "version_info"_n))) version += py::cat(version.empty() ? "" : ".", part);
    return version;
}

/// Closure: the file.
object flush(Args a) { return py::call_method(a.closure(), "flush"_n); }

void trace_to_file(handle config, handle path) {
    object file = py::call_kw(py::lookup("builtins", "open"_n), {path, py::str("w")}, {{"encoding"_n, py::str("utf-8")}});
    object params = py::get(config, "invocation_params"_n);
    py::call_method(file, "write"_n,
                    py::strcat("versions pytest-", py::lookup("pytest", "__version__"_n), ", python-", python_version(),
                               "\ninvocation_dir=", py::get(params, "dir"_n), "\ncwd=", py::call(py::lookup("os", "getcwd"_n)),
                               "\nargs=", py::get(params, "args"_n), "\n\n"));
    object root = py::get(py::get(config, "trace"_n), "root"_n);
    py::call_method(root, "setwriter"_n, py::get(file, "write"_n));
    object undo = py::call_method(py::get(config, "pluginmanager"_n), "enable_tracing"_n);
    say(py::cat("writing pytest debug information to ", path, "\n"));
    py::on_fork(config, py::make_function("before_fork", "config", flush, file), Py_None);
    py::call_method(config, "add_cleanup"_n,
                    py::make_function("unset_tracing", "", unset_tracing, py::tuple_of(file, config, undo)));
}

py::Generator pytest_cmdline_parse(OwnedArgs) {
    object config = co_yield py::none();
    object path = py::get(py::get(config, "option"_n), "debug"_n);
    if (py::truth(path)) trace_to_file(config, path);
    co_return config;
}

// --- versions ---------------------------------------------------------------------------------

object getpluginversioninfo(Args a) {
    object lines = py::new_list();
    object infos = py::call_method(py::get(a[0], "pluginmanager"_n), "list_plugin_distinfo"_n);
    if (!py::truth(infos)) return lines;
    py::append(lines, py::str("registered third-party plugins:"));
    for (object pair : py::each(infos)) {
        object plugin = py::item(pair, py::integer(0)), distribution = py::item(pair, py::integer(1));
        object place = py::try_get(plugin, "__file__"_n);
        if (!place.is_valid()) place = py::repr_of(plugin);
        py::append(lines, py::strcat("  ", py::get(distribution, "project_name"_n), "-", py::get(distribution, "version"_n),
                                     " at ", place));
    }
    return lines;
}

object version_info(handle config) { return py::call(py::facade("_pytest.helpconfig", "getpluginversioninfo"_n), config); }

object show_version_verbose(Args a) {
    object write = py::get(py::lookup("sys", "stdout"_n), "write"_n);
    py::call(write, py::strcat("This is pytest version ", py::lookup("pytest", "__version__"_n), ", imported from ",
                               py::lookup("pytest", "__file__"_n), "\n"));
    for (object line : py::each(version_info(a[0]))) py::call(write, py::strcat(line, "\n"));
    return py::none();
}

object pytest_report_header(Args a) {
    object lines = py::new_list(), option = py::get(a[0], "option"_n);
    bool traced = py::truth(py::get(option, "traceconfig"_n));
    if (traced || py::truth(py::get(option, "debug"_n))) {
        py::append(lines, py::strcat("using: pytest-", py::lookup("pytest", "__version__"_n)));
        py::call_method(lines, "extend"_n, version_info(a[0]));
    }
    if (!traced) return lines;
    py::append(lines, py::str("active plugins:"));
    for (object pair : py::each(py::call_method(py::get(a[0], "pluginmanager"_n), "list_name_plugin"_n))) {
        std::string name = py::text_of(py::item(pair, py::integer(0)));
        object plugin = py::item(pair, py::integer(1)), place = py::try_get(plugin, "__file__"_n);
        auto length = static_cast<std::size_t>(PyUnicode_GET_LENGTH(py::to_str(py::item(pair, py::integer(0))).ptr()));
        if (length < 20) name.append(20 - length, ' ');
        py::append(lines, py::strcat("    ", name, ": ", place.is_valid() ? place : py::repr_of(plugin)));
    }
    return lines;
}

// --- --help -----------------------------------------------------------------------------------

constexpr long long kIndent = 24;  // argparse's column of help texts

struct Variable {
    const char* name;
    const char* help;
};
const Variable kVariables[] = {
    {"CI", "When set to a non-empty value, pytest knows it is running in a CI process and does not truncate summary info"},
    {"BUILD_NUMBER", "Equivalent to CI"},
    {"PYTEST_ADDOPTS", "Extra command line options"},
    {"PYTEST_PLUGINS", "Comma-separated plugins to load during startup"},
    {"PYTEST_DISABLE_PLUGIN_AUTOLOAD", "Set to disable plugin auto-loading"},
    {"PYTEST_DEBUG", "Set to enable debug tracing of pytest's internals"},
    {"PYTEST_DEBUG_TEMPROOT", "Override the system temporary directory"},
    {"PYTEST_THEME", "The Pygments style to use for code output"},
    {"PYTEST_THEME_MODE", "Set the PYTEST_THEME to be either 'dark' or 'light'"},
};

class HelpPage {
public:
    HelpPage(handle writer) : writer_(writer) {}

    void line(std::string_view text = {}) { py::call_method(writer_, "line"_n, py::str(text)); }
    void write(handle text) { py::call_method(writer_, "write"_n, text); }

    void value(handle name, handle declared, long long columns) {
        object help = py::item(declared, py::integer(0)), type = py::item(declared, py::integer(1));
        if (py::is_none(help)) py::raise(PyExc_TypeError, py::cat("help argument cannot be None for ", name));
        object shown = py::call(py::lookup("_pytest.config.argparsing", "_ini_type_repr"_n), type);
        object spec = py::strcat(name, " (", shown, "):");
        write(py::strcat("  ", spec));
        object wrapped = py::call(py::lookup("_pytest.config.argparsing", "_split_help_text"_n), help,
                                  py::integer(columns - kIndent));
        long long length = py::length(spec);
        Py_ssize_t next = 0, count = py::length(wrapped);
        if (length > kIndent - 3) {
            line();
        } else {
            write(py::str(std::string(static_cast<std::size_t>(kIndent - length - 2), ' ')));
            if (count == 0) return;
            line(py::text(py::item(wrapped, py::integer(next++))));
        }
        for (; next < count; ++next) {
            std::string text = py::text(py::item(wrapped, py::integer(next)));
            line(text.empty() ? text : std::string(kIndent, ' ') + text);
        }
    }

    void variables() {
        line("Environment variables:");
        for (const Variable& variable : kVariables) {
            std::string name = variable.name;
            if (name.size() < 24) name.append(24 - name.size(), ' ');
            line("  " + name + " " + variable.help);
        }
    }

private:
    handle writer_;
};

object showhelp(Args a) {
    handle config = a[0];
    object reporter = py::call_method(py::get(config, "pluginmanager"_n), "get_plugin"_n, py::str("terminalreporter"));
    if (py::is_none(reporter)) py::raise(PyExc_AssertionError, "");
    object writer = py::get(reporter, "_tw"_n), parser = py::get(config, "_parser"_n);
    HelpPage page(writer);
    page.write(py::call_method(py::get(parser, "optparser"_n), "format_help"_n));
    page.line();
    page.line("[pytest] configuration options in the first pytest.toml|pytest.ini|tox.ini|setup.cfg|pyproject.toml file found:");
    page.line();
    long long columns = py::to_int(py::get(writer, "fullwidth"_n));
    object declared = py::get(parser, "_inidict"_n);
    for (object name : py::each(declared)) page.value(name, py::item(declared, name), columns);
    page.line();
    page.variables();
    page.line();
    page.line();
    page.line("to see available markers type: pytest --markers");
    page.line("to see available fixtures type: pytest --fixtures");
    page.line("(shown according to specified file_or_dir or current dir if not specified; fixtures with leading '_' are only "
              "shown with the '-v' option");
    object warnings = py::call_method(py::get(reporter, "stats"_n), "get"_n, py::str("warnings"), py::new_list());
    for (object warning : py::each(warnings))
        py::call_method_kw(writer, "line"_n, {py::strcat("warning : ", py::get(warning, "message"_n))}, {{"red"_n, Py_True}});
    return py::none();
}

object pytest_cmdline_main(Args a) {
    object option = py::get(a[0], "option"_n), ok = py::get(py::lookup("_pytest.config", "ExitCode"_n), "OK"_n);
    if (py::to_int(py::get(option, "version"_n)) > 1) {
        py::call(py::facade("_pytest.helpconfig", "show_version_verbose"_n), a[0]);
        return ok;
    }
    if (!py::truth(py::get(option, "help"_n))) return py::none();
    py::call_method(a[0], "_do_configure"_n);
    py::call(py::facade("_pytest.helpconfig", "showhelp"_n), a[0]);
    py::call_method(a[0], "_ensure_unconfigure"_n);
    return ok;
}

FASTEST_MODULE(helpconfig, "_pytest.helpconfig") {
    m.cls("HelpAction", {py::global<"argparsing", "Action">()})
        .def("__init__", "self, option_strings, dest, *, help=None", init_help)
        .def("__call__", "self, parser, namespace, values, option_string=None", ask_for_help)
        .doc("`--help`: shown before anything else can be found wrong.")
        .make();
    m.hook("pytest_addoption", "parser", pytest_addoption);
    m.wrapper("pytest_cmdline_parse", "", pytest_cmdline_parse);
    m.hook("pytest_cmdline_main", "config", pytest_cmdline_main);
    m.hook("pytest_report_header", "config", pytest_report_header);
    m.def("show_version_verbose", "config", show_version_verbose, "Write the version of pytest and of the plugins.");
    m.def("showhelp", "config", showhelp);
    m.def("getpluginversioninfo", "config", getpluginversioninfo);
}

}  // namespace
}  // namespace fastest::builtin
