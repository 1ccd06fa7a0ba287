// Where the root of a run is and which file configures it.

#include <algorithm>

#include "engine/settings/config_files.h"
#include "engine/settings/paths.h"
#include "os/files.h"
#include "os/paths.h"

namespace fastest::settings {
namespace {

using namespace py::literals;
using py::Args;
using py::handle;
using py::object;

bool safe_exists(const std::string& path) { return path.find('\0') == std::string::npos && os::exists(path); }

bool is_root(const std::string& path) { return path == "/"; }

/// The path of a node id argument, absolute.
std::string argument_path(handle argument) {
    object id = py::call_method(py::lookup("_pytest.nodeid", "NodeId"_n), "parse"_n, argument);
    object path = py::get(id, "path"_n);
    PyObject* encoded = PyUnicode_EncodeFSDefault(py::to_str(path).ptr());
    object bytes = py::check(encoded);
    return os::absolute({PyBytes_AS_STRING(encoded), static_cast<std::size_t>(PyBytes_GET_SIZE(encoded))});
}

std::vector<std::string> folders_of(handle arguments) {
    std::vector<std::string> folders;
    for (object argument : py::each(arguments)) {
        if (py::text(argument).starts_with('-')) continue;
        std::string path = argument_path(argument);
        if (!safe_exists(path)) continue;
        folders.push_back(os::is_folder(path) ? path : os::parent(path));
    }
    return folders;
}

std::string shared_folder(const std::string& left, const std::string& right) {
    std::vector<std::string> above = os::with_parents(left);
    for (const std::string& folder : above)
        if (folder == right || os::is_above(folder, right)) return folder;
    return left;
}

std::string common_ancestor(const std::string& invocation_dir, const std::vector<std::string>& paths) {
    std::string common;
    for (const std::string& path : paths) {
        if (!os::exists(path)) continue;
        if (common.empty())
            common = path;
        else if (path == common || os::is_above(common, path))
            continue;
        else if (os::is_above(path, common))
            common = path;
        else
            common = shared_folder(path, common);
    }
    if (common.empty()) return invocation_dir;
    return os::is_file(common) ? os::parent(common) : common;
}

struct Located {
    std::string rootdir;  // empty when none was found
    std::string inipath;
    object values = py::new_dict();
    object ignored = py::new_list();  // names of files that would configure pytest but were passed over
};

void collect_ignored(Located& located, std::size_t chosen) {
    const auto& readers = readers_by_name();
    for (std::size_t i = chosen + 1; i < readers.size(); ++i) {
        std::string path = os::join(located.rootdir, readers[i].name);
        if (os::is_file(path) && readers[i].read(path).is_valid())
            py::append(located.ignored, py::str(readers[i].name));
    }
}

Located locate(const std::string& invocation_dir, std::vector<std::string> arguments) {
    std::erase_if(arguments, [](const std::string& a) { return a.starts_with('-'); });
    if (arguments.empty()) arguments.push_back(invocation_dir);
    std::string first_pyproject;
    const auto& readers = readers_by_name();
    for (const std::string& argument : arguments) {
        for (const std::string& folder : os::with_parents(os::absolute(argument))) {
            for (std::size_t i = 0; i < readers.size(); ++i) {
                std::string path = os::join(folder, readers[i].name);
                if (!os::is_file(path)) continue;
                if (first_pyproject.empty() && os::name_of(path) == "pyproject.toml") first_pyproject = path;
                object values = readers[i].read(path);
                if (!values.is_valid()) continue;
                Located located{folder, path, values};
                collect_ignored(located, i);
                return located;
            }
        }
    }
    if (!first_pyproject.empty()) return {os::parent(first_pyproject), first_pyproject};
    return {};
}

object overrides(handle override_ini) {
    object values = py::new_dict();
    if (py::is_none(override_ini)) return values;
    for (object given : py::each(override_ini)) {
        std::string text = py::text(given);
        std::size_t equals = text.find('=');
        if (equals == std::string::npos)
            usage_error(py::cat("-o/--override-ini expects option=value style (got: ", py::repr_of(given), ")."));
        py::dict_set(values, py::str(text.substr(0, equals)),
                     config_value(py::str(text.substr(equals + 1)), "override", "ini"));
    }
    return values;
}

/// The file given with `-c`. The rootdir is left empty when another rule decides it.
Located explicit_file(handle inifile, bool rootdir_given, const std::string& invocation_dir,
                      const std::vector<std::string>& folders) {
    Located located;
    located.inipath = os::absolute(fs_text(inifile));
    object shown = fs_str(located.inipath);
    if (!os::exists(located.inipath))
        usage_error(py::cat("Config file '", shown, "' not found. Check your '-c/--config-file' option."));
    if (os::is_folder(located.inipath))
        usage_error(py::cat("Config file '", shown, "' is a directory. Check your '-c/--config-file' option."));
    if (ConfigReader read = reader_for(located.inipath)) {
        if (object values = read(located.inipath); values.is_valid()) located.values = values;
    } else if (os::is_file(located.inipath)) {
        usage_error(py::cat("Config file '", shown,
                            "' has an unsupported format. Supported extensions are: .cfg, .ini, .toml."));
    }
    if (rootdir_given) return located;
    if (os::is_file(located.inipath)) {
        located.rootdir = os::parent(located.inipath);
    } else {
        located.rootdir = common_ancestor(invocation_dir, folders);
        if (is_root(located.rootdir)) located.rootdir = invocation_dir;
    }
    return located;
}

Located discovered(bool rootdir_given, const std::string& invocation_dir, const std::vector<std::string>& folders) {
    std::string ancestor = common_ancestor(invocation_dir, folders);
    Located located = locate(invocation_dir, {ancestor});
    if (!located.rootdir.empty() || rootdir_given) return located;
    for (const std::string& folder : os::with_parents(ancestor)) {
        if (!os::is_file(os::join(folder, "setup.py"))) continue;
        located.rootdir = folder;
        return located;
    }
    if (folders != std::vector<std::string>{ancestor}) {
        object ignored = located.ignored;
        located = locate(invocation_dir, folders);
        located.ignored = ignored;
    }
    if (located.rootdir.empty()) {
        located.rootdir = common_ancestor(invocation_dir, {invocation_dir, ancestor});
        if (is_root(located.rootdir)) located.rootdir = ancestor;
    }
    return located;
}

object path_or_none(const std::string& path) { return path.empty() ? py::none() : make_path(path); }

object determine_setup(Args a) {
    handle inifile = a[0], override_ini = a[1], arguments = a[2], rootdir_argument = a[3];
    std::string invocation_dir = fs_text(a[4]);
    bool rootdir_given = !py::is_none(rootdir_argument);
    std::vector<std::string> folders = folders_of(arguments);
    Located located = py::truth(inifile) ? explicit_file(inifile, rootdir_given, invocation_dir, folders)
                                         : discovered(rootdir_given, invocation_dir, folders);
    if (py::truth(rootdir_argument)) {
        object expanded = py::call(py::lookup("os.path", "expandvars"_n), rootdir_argument);
        located.rootdir = os::absolute(fs_text(expanded));
        if (!os::is_folder(located.rootdir))
            usage_error(py::cat("Directory '", fs_str(located.rootdir), "' not found. Check your '--rootdir' option."));
    }
    py::check(PyDict_Update(located.values.ptr(), overrides(override_ini).ptr()));
    return py::tuple_of(make_path(located.rootdir), path_or_none(located.inipath), located.values, located.ignored);
}

std::vector<std::string> texts_of(handle paths) {
    std::vector<std::string> texts;
    for (object path : py::each(paths)) texts.push_back(fs_text(path));
    return texts;
}

object locate_config(Args a) {
    Located located = locate(fs_text(a[0]), texts_of(a[1]));
    return py::tuple_of(path_or_none(located.rootdir), path_or_none(located.inipath), located.values, located.ignored);
}

object load_config_dict_from_file(Args a) {
    std::string path = fs_text(a[0]);
    ConfigReader read = reader_for(path);
    object found = read ? read(path) : object();
    return found.is_valid() ? found : py::none();
}

object get_dirs_from_args(Args a) {
    object folders = py::new_list();
    for (const std::string& folder : folders_of(a[0])) py::append(folders, make_path(folder));
    return folders;
}

FASTEST_MODULE(findpaths, "_pytest.config.findpaths") {
    m.attr("CFG_PYTEST_SECTION",
           py::str("[pytest] section in {filename} files is no longer supported, change to [tool:pytest] instead."));
    define_config_files(m);
    m.def("determine_setup", "*, inifile, override_ini, args, rootdir_cmd_arg, invocation_dir", determine_setup,
          "The rootdir, the configuration file, its values and the names of files that were passed over.");
    m.def("locate_config", "invocation_dir, args", locate_config,
          "The nearest configuration file at or above the arguments.");
    m.def("load_config_dict_from_file", "filepath", load_config_dict_from_file,
          "What a file configures, or None when it is no configuration file of pytest's.");
    m.def("get_common_ancestor", "invocation_dir, paths",
          [](Args a) { return make_path(common_ancestor(fs_text(a[0]), texts_of(a[1]))); });
    m.def("get_dirs_from_args", "args", get_dirs_from_args);
    m.def("parse_override_ini", "override_ini", [](Args a) { return overrides(a[0]); });
    m.def("is_fs_root", "p", [](Args a) { return py::boolean(is_root(fs_text(a[0]))); });
}

}  // namespace
}  // namespace fastest::settings
