// Options and ini keys of `_pytest.main`.

#include <optional>

#include "engine/collect/session.h"

namespace fastest::collect {
namespace {

using py::Args;

/// An option of the command line; what is empty is not passed on.
struct Option {
    std::vector<const char*> names;
    const char* help;
    const char* action = nullptr;
    const char* dest = nullptr;
    const char* metavar = nullptr;
    object type{};
    object fallback{};
    object constant{};
    object choices{};
    bool lower_case_short = false;
};

void add(handle group, const Option& option) {
    object names = py::new_list();
    for (const char* name : option.names) py::append(names, py::str(name));
    object keywords = py::new_dict();
    auto put = [&](handle key, const char* text) {
        if (text) py::dict_set(keywords, key, py::str(text));
    };
    put("help"_n, option.help);
    put("action"_n, option.action);
    put("dest"_n, option.dest);
    put("metavar"_n, option.metavar);
    if (option.type.is_valid()) py::dict_set(keywords, "type"_n, option.type);
    if (option.fallback.is_valid()) py::dict_set(keywords, "default"_n, option.fallback);
    if (option.constant.is_valid()) py::dict_set(keywords, "const"_n, option.constant);
    if (option.choices.is_valid()) py::dict_set(keywords, "choices"_n, option.choices);
    py::call_ex(py::get(group, option.lower_case_short ? "_addoption"_n : "addoption"_n), py::to_tuple(names), keywords);
}

/// A flag that sets an ini key.
void add_strict(handle group, const char* name, const char* key) {
    py::call_method_kw(group, "addoption"_n, {py::str(name)},
                       {{"action"_n, py::lookup("_pytest.config.argparsing", "OverrideIniAction"_n)},
                        {"ini_option"_n, py::str(key)},
                        {"ini_value"_n, py::str("true")},
                        {"help"_n, py::strcat("Enables the ", key, " option")}});
}

void add_ini(handle parser, const char* name, const char* help, handle type, handle fallback) {
    object keywords = py::new_dict();
    if (type.is_valid()) py::dict_set(keywords, "type"_n, type);
    if (fallback.is_valid()) py::dict_set(keywords, "default"_n, fallback);
    py::call_ex(py::get(parser, "addini"_n), py::tuple_of(py::str(name), py::str(help)), keywords);
}

object group_of(handle parser, const char* name, const char* title = "") {
    return py::call_method(parser, "getgroup"_n, py::str(name), py::str(title));
}

object int_type() { return py::borrow(py::type_object(PyLong_Type)); }
object str_type() { return py::borrow(py::type_object(PyUnicode_Type)); }

object strings(std::initializer_list<const char*> values) {
    object list = py::new_list();
    for (const char* value : values) py::append(list, py::str(value));
    return list;
}

void add_general(handle parser) {
    object group = group_of(parser, "general");
    add(group, {.names = {"-x", "--exitfirst"}, .help = "Exit instantly on first error or failed test",
                .action = "store_const", .dest = "maxfail", .constant = py::integer(1), .lower_case_short = true});
    add(group, {.names = {"--maxfail"}, .help = "Exit after first num failures or errors", .action = "store",
                .dest = "maxfail", .metavar = "num", .type = int_type(), .fallback = py::integer(0)});
    add_strict(group, "--strict-config", "strict_config");
    add_strict(group, "--strict-markers", "strict_markers");
    add_strict(group, "--strict", "strict");
    object flag = py::str("bool");
    add_ini(parser, "strict_config",
            "Any warnings encountered while parsing the `pytest` section of the configuration file raise errors", flag, Py_None);
    add_ini(parser, "strict_markers",
            "Markers not registered in the `markers` section of the configuration file raise errors", flag, Py_None);
    add_ini(parser, "strict",
            "Enables all strictness options, currently: strict_config, strict_markers, strict_xfail, strict_parametrization_ids",
            flag, Py_False);
}

void add_warnings(handle parser) {
    constexpr const char* kThreshold =
        "Exit with error if all tests pass but the number of warnings exceeds this threshold";
    object group = group_of(parser, "pytest-warnings");
    add(group, {.names = {"-W", "--pythonwarnings"},
                .help = "Set which warnings to report, see -W option of Python itself", .action = "append"});
    add(group, {.names = {"--max-warnings"}, .help = kThreshold, .action = "store", .dest = "max_warnings",
                .metavar = "num", .type = int_type(), .fallback = py::none()});
    add_ini(parser, "filterwarnings",
            "Each line specifies a pattern for warnings.filterwarnings. Processed after -W/--pythonwarnings.",
            py::str("linelist"), handle());
    add_ini(parser, "max_warnings", kThreshold, py::check(PyNumber_Or(int_type().ptr(), str_type().ptr())), Py_None);
}

void add_selection(handle group) {
    add(group, {.names = {"--collectonly", "--collect-only", "--co"}, .help = "Only collect tests, don't execute them",
                .action = "store_true"});
    add(group, {.names = {"--pyargs"}, .help = "Try to interpret all arguments as Python packages", .action = "store_true"});
    add(group, {.names = {"--ignore"}, .help = "Ignore path during collection (multi-allowed)", .action = "append",
                .metavar = "path"});
    add(group, {.names = {"--ignore-glob"}, .help = "Ignore path pattern during collection (multi-allowed)",
                .action = "append", .metavar = "path"});
    add(group, {.names = {"--deselect"}, .help = "Deselect item (via node id prefix) during collection (multi-allowed)",
                .action = "append", .metavar = "nodeid_prefix"});
}

void add_collection(handle parser) {
    object group = group_of(parser, "collect", "collection");
    add_selection(group);
    object confcutdir =
        py::call_kw(py::lookup("_functools", "partial"_n), {py::lookup("_pytest.config", "directory_arg"_n)},
                    {{"optname"_n, py::str("--confcutdir")}});
    add(group, {.names = {"--confcutdir"},
                .help = "Only load conftest.py's relative to specified dir",
                .dest = "confcutdir",
                .metavar = "dir",
                .type = confcutdir,
                .fallback = py::none()});
    auto add_flag = [&](std::vector<const char*> names, const char* dest, const char* help) {
        add(group, {.names = std::move(names), .help = help, .action = "store_true", .dest = dest, .fallback = py::boolean(false)});
    };
    add_flag({"--noconftest"}, "noconftest", "Don't load any conftest.py files");
    add_flag({"--keepduplicates", "--keep-duplicates"}, "keepduplicates", "Keep duplicate tests");
    add_flag({"--collect-in-virtualenv"}, "collect_in_virtualenv", "Don't ignore tests in a local virtualenv directory");
    add_flag({"--continue-on-collection-errors"}, "continue_on_collection_errors",
             "Force test execution even if collection errors occur");
    add(group, {.names = {"--import-mode"},
                .help = "Prepend/append to sys.path when importing test modules and conftest files. Default: prepend.",
                .dest = "importmode", .fallback = py::str("prepend"), .choices = strings({"prepend", "append", "importlib"})});
    object args = py::str("args"), flag = py::str("bool");
    add_ini(parser, "norecursedirs", "Directory patterns to avoid for recursion", args,
            strings({"*.egg", ".*", "_darcs", "build", "CVS", "dist", "node_modules", "venv", "{arch}"}));
    add_ini(parser, "testpaths",
            "Directories to search for tests when no files or directories are given on the command line", args, py::new_list());
    add_ini(parser, "collect_imported_tests", "Whether to collect tests in imported modules outside `testpaths`", flag, Py_True);
    add_ini(parser, "consider_namespace_packages",
            "Consider namespace packages when resolving module names during import", flag, Py_False);
}

void add_debugging(handle parser) {
    object group = group_of(parser, "debugconfig", "test session debugging and configuration");
    add(group, {.names = {"-c", "--config-file"},
                .help = "Load configuration from `FILE` instead of trying to locate one of the implicit configuration files.",
                .dest = "inifilename", .metavar = "FILE", .type = str_type(), .lower_case_short = true});
    add(group, {.names = {"--rootdir"},
                .help = "Define root directory for tests. Can be relative path: 'root_dir', './root_dir', "
                        "'root_dir/another_dir/'; absolute path: '/home/user/root_dir'; path with variables: "
                        "'$HOME/root_dir'.",
                .action = "store", .dest = "rootdir"});
    add(group, {.names = {"--basetemp"},
                .help = "Base temporary directory for this test run. (Warning: this directory is removed if it exists.)",
                .dest = "basetemp", .metavar = "dir", .type = py::lookup("_pytest.main", "validate_basetemp"_n),
                .fallback = py::none()});
}

object addoption(Args a) {
    add_general(a[0]);
    add_warnings(a[0]);
    add_collection(a[0]);
    add_debugging(a[0]);
    return py::none();
}

// --- --basetemp ---------------------------------------------------------------------------------------------------

bool is_or_contains(handle path, handle other) {
    return py::equal(path, other) || py::contains(py::get(other, "parents"_n), path);
}

/// The directory is emptied, so it must not be one that the run stands in.
object validate_basetemp(Args a) {
    bool refused = !py::truth(a[0]);
    if (!refused) {
        object path = py::call(path_class(), a[0]), here = py::call_method(path_class(), "cwd"_n);
        refused = is_or_contains(py::call_method(path, "absolute"_n), here) ||
                  is_or_contains(py::call_method(path, "resolve"_n), py::call_method(here, "resolve"_n));
    }
    if (refused)
        py::raise(py::lookup("argparse", "ArgumentTypeError"_n),
                  "basetemp must not be empty, the current working directory or any parent directory of it");
    return py::borrow(a[0]);
}

}  // namespace

void define_main_options(py::Module& m) {
    m.def("pytest_addoption", "parser", addoption);
    m.def("validate_basetemp", "path", validate_basetemp);
}

}  // namespace fastest::collect
