// `Config.parse`: the command line, the configuration file, the plugins and the first conftests, in pytest's order.

#include <algorithm>

#include "base/text.h"
#include "engine/py/with.h"
#include "engine/settings/config.h"
#include "engine/settings/config_files.h"
#include "engine/settings/paths.h"

namespace fastest::settings {
namespace {

using namespace py::literals;
using py::Args;
using py::handle;
using py::object;

object parser_of(handle self) { return py::get(self, "_parser"_n); }
object known_args(handle self) { return py::get(self, "known_args_namespace"_n); }
object invocation_dir(handle self) { return py::get(py::get(self, "invocation_params"_n), "dir"_n); }

object copy_of_options(handle self) {
    object option = py::get(self, "option"_n);
    handle type = py::global<"argparsing", "Namespace">();
    if (Py_TYPE(option.ptr()) != reinterpret_cast<PyTypeObject*>(type.ptr()))
        return py::call(py::lookup("copy", "copy"_n), option);
    object copy = py::call(type);
    py::check(PyDict_Update(py::get(copy, "__dict__"_n).ptr(), py::get(option, "__dict__"_n).ptr()));
    return copy;
}

object parse_known(handle self, handle args) {
    return py::call_method_kw(parser_of(self), "parse_known_args"_n, {args}, {{"namespace"_n, copy_of_options(self)}});
}

void prepend(handle args, handle words) {
    object both = py::check(PySequence_Concat(words.ptr(), args.ptr()));
    py::check(PySequence_SetSlice(args.ptr(), 0, PY_SSIZE_T_MAX, both.ptr()));
}

/// self, args, via
object validate_args(Args a) {
    object info = py::get(parser_of(a[0]), "extra_info"_n), key = py::str("config source");
    py::set_item(info, key, a[2]);
    struct Forget {
        handle info, key;
        ~Forget() {
            nb::error_scope keep;
            if (PyObject_DelItem(info.ptr(), key.ptr()) < 0) PyErr_Clear();
        }
    } forget{info, key};
    py::call_method_kw(parser_of(a[0]), "parse_known_and_unknown_args"_n, {a[1]},
                       {{"namespace"_n, copy_of_options(a[0])}});
    return py::borrow(a[1]);
}

// --- arguments --------------------------------------------------------------------------------

/// What a `testpaths` entry stands for, sorted.
object expand(handle pattern) {
    std::string text = py::text(pattern);
    if (text.find_first_of("*?[") != std::string::npos) {
        object found = py::to_list(py::call_kw(py::lookup("glob", "iglob"_n), {pattern}, {{"recursive"_n, Py_True}}));
        py::check(PyList_Sort(found.ptr()));
        return found;
    }
    bool folder = text.ends_with('/');
    object there = py::call_method(py::import_module("os.path"), folder ? "isdir"_n : "lexists"_n, pattern);
    return py::truth(there) ? py::list_of(pattern) : py::new_list();
}

object expand_testpaths(handle self, handle testpaths, bool warn) {
    object found = py::new_list();
    for (object pattern : py::each(testpaths)) py::call_method(found, "extend"_n, expand(pattern));
    if (warn && py::truth(testpaths) && !py::truth(found)) {
        object warning = py::call(
            py::facade("_pytest.warning_types", "PytestConfigWarning"_n),
            py::str("No files were found in testpaths; consider removing or adjusting your testpaths configuration. "
                    "Searching recursively from the current directory instead."));
        warn_from(self, warning, {1810, "parse", "self.args, self.args_source = self._decide_args("});
    }
    return found;
}

/// self, *, args, pyargs, testpaths, invocation_dir, rootpath, warn
object decide_args(Args a) {
    object source = py::get(py::global<"config", "Config">(), "ArgsSource"_n);
    if (py::truth(a[1])) return py::tuple_of(a[1], py::get(source, "ARGS"_n));
    object found = py::new_list();
    if (py::equal(a[4], a[5]))
        found = py::truth(a[2]) ? py::borrow(a[3]) : expand_testpaths(a[0], a[3], py::truth(a[6]));
    if (py::truth(found)) return py::tuple_of(found, py::get(source, "TESTPATHS"_n));
    return py::tuple_of(py::list_of(py::to_str(a[4])), py::get(source, "INVOCATION_DIR"_n));
}

object decide(handle self, handle files, handle pyargs, bool warn) {
    return py::call_method_kw(self, "_decide_args"_n, {},
                              {{"args"_n, files},
                               {"pyargs"_n, pyargs},
                               {"testpaths"_n, py::call_method(self, "getini"_n, py::str("testpaths"))},
                               {"invocation_dir"_n, invocation_dir(self)},
                               {"rootpath"_n, py::get(self, "rootpath"_n)},
                               {"warn"_n, py::boolean(warn)}});
}

/// The arguments are not finally parsed yet: what is known of them decides which conftests come first.
object load_initial_conftests(Args a) {
    handle self = a[1];
    object known = known_args(self), pyargs = py::get(known, "pyargs"_n);
    object args = py::item(decide(self, py::get(known, "file_or_dir"_n), pyargs, false), py::integer(0));
    py::call_method_kw(
        py::get(a[0], "pluginmanager"_n), "_set_initial_conftests"_n, {},
        {{"args"_n, args},
         {"pyargs"_n, pyargs},
         {"noconftest"_n, py::get(known, "noconftest"_n)},
         {"rootpath"_n, py::get(self, "rootpath"_n)},
         {"confcutdir"_n, py::get(known, "confcutdir"_n)},
         {"invocation_dir"_n, invocation_dir(self)},
         {"importmode"_n, py::get(known, "importmode"_n)},
         {"consider_namespace_packages"_n, py::call_method(self, "getini"_n, py::str("consider_namespace_packages"))}});
    return py::none();
}

// --- checks -----------------------------------------------------------------------------------

/// "7.4.1" as numbers; nothing for other forms of versions.
std::optional<std::vector<long>> plain_version(const std::string& text) {
    std::vector<long> numbers;
    for (std::string_view part : base::split(text, '.')) {
        if (part.empty() || part.size() > 9 || part.find_first_not_of("0123456789") != std::string_view::npos)
            return std::nullopt;
        numbers.push_back(std::stol(std::string(part)));
    }
    while (numbers.size() > 1 && numbers.back() == 0) numbers.pop_back();
    return numbers;
}

bool is_newer(handle required, handle actual) {
    auto left = plain_version(py::text(required)), right = plain_version(py::text(actual));
    if (left && right) return *left > *right;
    object version = py::lookup("packaging.version", "Version"_n);
    object a = py::call(version, required), b = py::call(version, actual);
    int result = PyObject_RichCompareBool(a.ptr(), b.ptr(), Py_GT);
    py::check(result);
    return result != 0;
}

object checkversion(Args a) {
    object required = py::call_method(a[0], "getini"_n, py::str("minversion"));
    if (!py::truth(required)) return py::none();
    object actual = py::lookup("pytest", "__version__"_n);
    if (is_newer(required, actual))
        usage_error(py::cat(py::get(a[0], "inipath"_n), ": 'minversion' requires pytest-", required, ", actual pytest-",
                            actual, "'"));
    return py::none();
}

object validate_config_options(Args a) {
    object keys = py::to_list(py::call_method(a[0], "_get_unknown_ini_keys"_n));
    py::check(PyList_Sort(keys.ptr()));
    for (object key : py::each(keys))
        py::call_method(a[0], "_warn_or_fail_if_strict"_n, py::strcat("Unknown config option: ", key, "\n"));
    return py::none();
}

bool is_plain_requirement(const std::string& text) {
    auto alnum = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    return !text.empty() && alnum(text.front()) && alnum(text.back()) &&
           std::ranges::all_of(text, [&](char c) { return alnum(c) || c == '-' || c == '_' || c == '.'; });
}

bool is_satisfied(handle requirement, handle versions) {
    if (is_plain_requirement(py::text(requirement))) return py::contains(versions, requirement);
    object parsed;
    try {
        parsed = py::call(py::lookup("packaging.requirements", "Requirement"_n), requirement);
    } catch (nb::python_error& error) {
        if (!error.matches(py::lookup("packaging.requirements", "InvalidRequirement"_n))) throw;
        return false;
    }
    object name = py::get(parsed, "name"_n);
    if (!py::contains(versions, name)) return false;
    object version = py::call(py::lookup("packaging.version", "Version"_n), py::item(versions, name));
    return py::truth(
        py::call_method_kw(py::get(parsed, "specifier"_n), "contains"_n, {version}, {{"prereleases"_n, Py_True}}));
}

object validate_plugins(Args a) {
    object required = py::to_list(py::call_method(a[0], "getini"_n, py::str("required_plugins")));
    if (!py::truth(required)) return py::none();
    py::check(PyList_Sort(required.ptr()));
    object versions = py::new_dict();
    for (object pair : py::each(py::call_method(py::get(a[0], "pluginmanager"_n), "list_plugin_distinfo"_n))) {
        object distribution = py::item(pair, py::integer(1));
        py::dict_set(versions, py::get(distribution, "project_name"_n), py::get(distribution, "version"_n));
    }
    std::string missing;
    for (object requirement : py::each(required))
        if (!is_satisfied(requirement, versions)) missing += py::cat(missing.empty() ? "" : ", ", requirement);
    if (!missing.empty()) usage_error("Missing required plugins: " + missing);
    return py::none();
}

// --- sys.path ---------------------------------------------------------------------------------

object configure_python_path(Args a) {
    object paths = py::call_method(a[0], "getini"_n, py::str("pythonpath")), search = py::lookup("sys", "path"_n);
    for (Py_ssize_t i = py::length(paths); i-- > 0;)
        py::call_method(search, "insert"_n, py::integer(0), py::to_str(py::item(paths, py::integer(i))));
    py::call_method(a[0], "add_cleanup"_n, py::get(a[0], "_unconfigure_python_path"_n));
    return py::none();
}

object unconfigure_python_path(Args a) {
    for (object path : py::each(py::call_method(a[0], "getini"_n, py::str("pythonpath")))) {
        object text = py::to_str(path), search = py::lookup("sys", "path"_n);
        if (py::contains(search, text)) py::call_method(search, "remove"_n, text);
    }
    return py::none();
}

// --- the steps of parse -----------------------------------------------------------------------

void add_environment_options(handle self, handle args) {
    object given = environment("PYTEST_ADDOPTS");
    if (!py::truth(given)) return;
    prepend(args, py::call_method(self, "_validate_args"_n, words_of(given), py::str("via PYTEST_ADDOPTS")));
}

void find_root(handle self, handle args) {
    object known = parse_known(self, args);
    object rootdir = py::get(known, "rootdir"_n);
    object found = py::call_kw(py::facade("_pytest.config.findpaths", "determine_setup"_n), {},
                               {{"inifile"_n, py::get(known, "inifilename"_n)},
                                {"override_ini"_n, py::get(known, "override_ini"_n)},
                                {"args"_n, py::get(known, "file_or_dir"_n)},
                                {"rootdir_cmd_arg"_n, py::truth(rootdir) ? rootdir : py::none()},
                                {"invocation_dir"_n, invocation_dir(self)}});
    py::set(self, "_rootpath"_n, py::item(found, py::integer(0)));
    py::set(self, "_inipath"_n, py::item(found, py::integer(1)));
    py::set(self, "_inicfg"_n, py::item(found, py::integer(2)));
    py::set(self, "_ignored_config_files"_n, py::item(found, py::integer(3)));
    object info = py::get(parser_of(self), "extra_info"_n);
    py::set_item(info, "rootdir"_n, py::to_str(py::get(self, "rootpath"_n)));
    py::set_item(info, "inifile"_n, py::to_str(py::get(self, "inipath"_n)));
}

void declare_own_values(handle self) {
    object addini = py::get(parser_of(self), "addini"_n);
    auto declare = [&](const char* name, const char* help, const char* type, bool list) {
        object type_name = type ? py::str(type) : py::none();
        if (list)
            py::call(addini, py::str(name), py::str(help), type_name, py::new_list());
        else
            py::call(addini, py::str(name), py::str(help), type_name);
    };
    declare("addopts", "Extra command line options", "args", false);
    declare("minversion", "Minimally required pytest version", nullptr, false);
    declare("pythonpath", "Add paths to sys.path", "paths", true);
    declare("required_plugins", "Plugins that must be present for pytest to run", "args", true);
}

/// Options of `addopts` may override values themselves; one level of that is followed.
void apply_overrides(handle self) {
    object overrides = py::call(py::facade("_pytest.config.findpaths", "parse_override_ini"_n),
                                py::get(known_args(self), "override_ini"_n));
    if (!py::truth(overrides)) return;
    py::check(PyDict_Update(py::get(self, "_inicfg"_n).ptr(), overrides.ptr()));
    py::call_method(py::get(self, "_inicache"_n), "clear"_n);
}

bool warnings_plugin_will_be_enabled(handle self) {
    bool enabled = py::truth(py::call_method(py::get(self, "pluginmanager"_n), "hasplugin"_n, py::str("warnings")));
    for (object plugin : py::each(py::get(known_args(self), "plugins"_n))) {
        std::string name = py::text(py::call_method(plugin, "strip"_n));
        if (name == "no:warnings") enabled = false;
        if (name == "warnings") enabled = true;
    }
    return enabled;
}

void load_plugins(handle self, handle args) {
    object manager = py::get(self, "pluginmanager"_n);
    py::call_method_kw(manager, "consider_preparse"_n, {args}, {{"exclude_only"_n, Py_False}});
    if (!py::truth(environment("PYTEST_DISABLE_PLUGIN_AUTOLOAD")) &&
        !py::truth(py::get(known_args(self), "disable_plugin_autoload"_n)))
        py::call_method(manager, "load_setuptools_entrypoints"_n, py::str("pytest11"));
    py::call_method(manager, "consider_env"_n);
}

void decide_confcutdir(handle self) {
    object known = known_args(self);
    if (!py::is_none(py::get(known, "confcutdir"_n))) return;
    object inipath = py::get(self, "inipath"_n);
    object folder = py::is_none(inipath) ? py::get(self, "rootpath"_n) : py::get(inipath, "parent"_n);
    py::set(known, "confcutdir"_n, py::to_str(folder));
}

void load_first_conftests(handle self, handle args) {
    try {
        py::call_named<"early_config", "args", "parser">(
            py::get(py::get(self, "hook"_n), "pytest_load_initial_conftests"_n), self, args, parser_of(self));
    } catch (nb::python_error& error) {
        if (!error.matches(py::facade("_pytest.config", "ConftestImportFailure"_n))) throw;
        object known = known_args(self);
        if (!py::truth(py::get(known, "help"_n)) && !py::truth(py::get(known, "version"_n))) throw;
        py::Handling handling(error);
        object text = py::strcat("could not load initial conftests: ", py::get(error.value(), "path"_n));
        warn_from(self, py::call(py::facade("_pytest.warning_types", "PytestConfigWarning"_n), text),
                  {1798, "parse", "self.issue_config_time_warning("});
    }
}

/// False when parsing ended because help is to be shown.
bool parse_finally(handle self, handle args) {
    try {
        py::call_method_kw(parser_of(self), "parse"_n, {args}, {{"namespace"_n, py::get(self, "option"_n)}});
        return true;
    } catch (nb::python_error& error) {
        if (!error.matches(py::lookup("_pytest.config.exceptions", "PrintHelp"_n))) throw;
        return false;
    }
}

/// self, args, addopts=True. `args` is changed: options from elsewhere are put before it.
object parse(Args a) {
    handle self = a[0], args = a[1];
    bool addopts = py::truth(a[2]);
    if (py::truth(py::get(self, "args"_n)))
        py::raise(PyExc_AssertionError, "can only parse cmdline args at most once per Config object");
    object manager = py::get(self, "pluginmanager"_n), history = py::new_dict();
    py::dict_set(history, "pluginmanager"_n, manager);
    py::call_method_kw(py::get(py::get(self, "hook"_n), "pytest_addhooks"_n), "call_historic"_n, {},
                       {{"kwargs"_n, history}});
    if (addopts) add_environment_options(self, args);
    find_root(self, args);
    declare_own_values(self);
    if (addopts)
        prepend(args, py::call_method(self, "_validate_args"_n, py::call_method(self, "getini"_n, py::str("addopts")),
                                      py::str("via addopts config")));
    py::set(self, "known_args_namespace"_n, parse_known(self, args));
    if (addopts) apply_overrides(self);
    py::call_method(self, "_checkversion"_n);
    py::call_method(self, "_consider_importhook"_n);
    py::call_method(self, "_configure_python_path"_n);
    if (warnings_plugin_will_be_enabled(self)) {
        py::with(py::call_method(self, "_capture_plugin_import_warnings"_n), [&](handle) {
            load_plugins(self, args);
            return py::none();
        });
    } else {
        load_plugins(self, args);
    }
    py::set(self, "known_args_namespace"_n, parse_known(self, args));
    py::call_method(self, "_validate_plugins"_n);
    py::call_method(self, "_warn_about_skipped_plugins"_n);
    decide_confcutdir(self);
    load_first_conftests(self, args);
    if (!parse_finally(self, args)) return py::none();
    object option = py::get(self, "option"_n);
    object decided = decide(self, py::get(option, "file_or_dir"_n), py::get(option, "pyargs"_n), true);
    py::set(self, "args"_n, py::item(decided, py::integer(0)));
    py::set(self, "args_source"_n, py::item(decided, py::integer(1)));
    return py::none();
}

/// Help and versions are shown even when the rest of the command line is wrong.
void show_what_was_asked_for(handle self, handle args) {
    object option = py::get(self, "option"_n);
    auto asked = [&](handle name) { return py::truth(py::get_or(option, name, Py_False)); };
    auto given = [&](const char* word) { return py::contains(args, py::str(word)); };
    if (asked("version"_n) || given("--version")) {
        py::call(py::lookup("_pytest.helpconfig", "show_version_verbose"_n), self);
    } else if (asked("help"_n) || given("--help") || given("-h")) {
        py::call_method(py::get(parser_of(self), "optparser"_n), "print_help"_n);
        py::call_method(py::lookup("sys", "stdout"_n), "write"_n,
                        py::str("\nNOTE: displaying only minimal help due to UsageError.\n\n"));
    }
}

/// self, pluginmanager, args
object cmdline_parse(Args a) {
    try {
        py::call_method(a[0], "parse"_n, a[2]);
    } catch (nb::python_error& error) {
        if (!error.matches(py::lookup("_pytest.config.exceptions", "UsageError"_n))) throw;
        py::Handling handling(error);
        show_what_was_asked_for(a[0], a[2]);
        throw;
    }
    return py::borrow(a[0]);
}

}  // namespace

void define_config_parse(py::Module&, py::ClassBuilder& config) {
    config.def("parse", "self, args, addopts=True", parse)
        .hook("pytest_cmdline_parse", "self, pluginmanager, args", cmdline_parse)
        .hook("pytest_load_initial_conftests", "self, early_config", load_initial_conftests, {.trylast = true})
        .def("_validate_args", "self, args, via", validate_args)
        .def("_decide_args", "self, *, args, pyargs, testpaths, invocation_dir, rootpath, warn", decide_args)
        .def("_checkversion", "self", checkversion)
        .def("_validate_config_options", "self", validate_config_options)
        .def("_validate_plugins", "self", validate_plugins)
        .def("_configure_python_path", "self", configure_python_path)
        .def("_unconfigure_python_path", "self", unconfigure_python_path);
}

}  // namespace fastest::settings
