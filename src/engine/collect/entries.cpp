// The children of a directory: one collector for each file or sub-directory that the hooks make one of.

#include "engine/collect/glob.h"
#include "engine/collect/plain_module.h"
#include "engine/collect/python_nodes.h"
#include "engine/collect/session.h"
#include "engine/hooks/native_caller.h"
#include "engine/nodes/ours.h"
#include "engine/py/pathlib_path.h"
#include "engine/py/short_cut.h"

namespace fastest::collect {
namespace {

py::ShortCut g_quiet_files{
    "collect.quiet_files",
    "Python files of a directory are taken or left, and their Modules made, without calls of pytest_ignore_collect, "
    "pytest_collect_file and pytest_pycollect_makemodule for each. Seen by implementations of these hooks, "
    "collect_ignore lists, "
    "--ignore, --doctest-modules, and replaced methods of Module, Session and Config."};

/// Paths that were given as arguments, or lead to them, are not ignored.
bool is_ignored(handle directory, handle ihook, handle path, bool with_parents) {
    object session = py::get(directory, "session"_n);
    object given = with_parents ? py::call_kw(py::get(session, "isinitpath"_n), {path}, {{"with_parents"_n, Py_True}})
                                : py::call_method(session, "isinitpath"_n, path);
    if (py::truth(given)) return false;
    return py::truth(py::call_named<"collection_path", "config">(py::get(ihook, "pytest_ignore_collect"_n), path,
                                                                 py::get(directory, "config"_n)));
}

/// Python files of one directory, as long as only the engine decides about them.
class QuietFiles {
public:
    QuietFiles(handle directory, handle ihook) : directory_(py::borrow(directory)) {
        usable_ = g_quiet_files.take(find(ihook));
    }

    /// The Module of an entry that is a file; None for one that is left out; null when the hooks are to be asked.
    object node_of(handle entry) {
        if (!usable_) return {};
        object name = py::get(entry, "name"_n);
        if (!PyUnicode_CheckExact(name.ptr()) || !PyUnicode_IS_COMPACT_ASCII(name.ptr())) return {};
        std::string text = py::text(name);
        if (!text.ends_with(".py") || text.size() < 4) return {};
        std::optional<bool> initial = is_initial_path(session_, py::get(entry, "path"_n));
        if (!initial || *initial) return {};
        for (const std::string& pattern : patterns_)
            if (match_simple_glob(pattern, text).value_or(false)) return modules_.make(name);
        return py::none();
    }

private:
    bool find(handle ihook) {
        session_ = nodes::session_of(directory_);
        if (!nodes::short_cuts(session_) || !modules_.find(directory_)) return false;
        for (handle hook : {"pytest_ignore_collect"_n, "pytest_collect_file"_n, "pytest_pycollect_makemodule"_n,
                            "pytest_collect_directory"_n})
            if (!hooks::only_ours(py::get(ihook, hook))) return false;
        object config = nodes::config_of(directory_);
        if (py::truth(nodes::option_of(config, "doctestmodules"_n, Py_False)) || !makes_modules(config)) return false;
        return read_patterns(config) && ignores_no_files_of(config, nodes::path_of(directory_));
    }

    /// The plugin that does so can be blocked.
    static bool makes_modules(handle config) {
        return py::truth(py::call_method(py::get(config, "pluginmanager"_n), "hasplugin"_n, "python"_n));
    }

    bool read_patterns(handle config) {
        if (!py::lookup("_pytest.python", "path_matches_patterns"_n)
                 .is(py::global<"python", "path_matches_patterns">()))
            return false;
        for (object pattern : py::each(py::call_method(config, "getini"_n, "python_files"_n))) {
            if (!PyUnicode_CheckExact(pattern.ptr())) return false;
            patterns_.push_back(py::text(pattern));
            bool simple = match_simple_glob(patterns_.back(), "").has_value();
            if (!simple || patterns_.back().find('/') != std::string::npos) return false;
        }
        return true;
    }

    object directory_, session_;
    PlainModules modules_;
    std::vector<std::string> patterns_;
    bool usable_ = false;
};

}  // namespace

py::Generator collect_entries(object directory, object sort_key) {
    object ihook = py::get(directory, "ihook"_n);
    QuietFiles files(directory, ihook);
    for (object entry : py::each(scan_directory(py::get(directory, "path"_n), sort_key))) {
        if (is_directory(entry)) {
            object path = py::call(path_class(), py::get(entry, "path"_n));
            if (is_ignored(directory, ihook, path, true)) continue;
            object node =
                py::call_named<"path", "parent">(py::get(ihook, "pytest_collect_directory"_n), path, directory);
            if (!py::is_none(node)) co_yield node;
        } else if (is_file(entry)) {
            if (object node = files.node_of(entry); node.is_valid()) {
                if (!py::is_none(node)) co_yield node;
                continue;
            }
            object path = py::call(path_class(), py::get(entry, "path"_n));
            if (is_ignored(directory, ihook, path, false)) continue;
            object made =
                py::call_named<"file_path", "parent">(py::get(ihook, "pytest_collect_file"_n), path, directory);
            for (object node : py::each(made)) co_yield node;
        }
    }
    co_return py::none();
}

}  // namespace fastest::collect
