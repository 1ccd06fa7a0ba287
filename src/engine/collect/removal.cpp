// Removing trees, also those with read-only entries.

#include "engine/collect/paths.h"
#include "engine/py/facade_warning.h"
#include "engine/py/library_files.h"
#include "engine/py/pathlib_path.h"
#include "engine/py/short_cut.h"
#include "os/files.h"

namespace fastest::collect {
namespace {

using py::Args;

py::ShortCut g_remove_natively{
    "collect.remove_natively",
    "A tree in which everything can be removed is removed without shutil. Seen by patches of shutil and os."};

object os_function(handle name) { return py::lookup("os", name); }

void warn_pytest(const std::string& text) {
    py::warn_from("_pytest.pathlib", py::call(py::lookup("_pytest.warning_types", "PytestWarning"_n), py::str(text)));
}

/// Runs a call and says whether it went without OSError.
template <class Call>
bool succeeds(Call&& call) {
    try {
        call();
        return true;
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_OSError)) throw;
        return false;
    }
}

/// Gives the owner what deleting needs. Says whether the mode changed.
bool make_deletable(handle path) {
    object mode;
    if (!succeeds([&] { mode = py::get(py::call(os_function("stat"_n), path), "st_mode"_n); })) return false;
    constexpr long long kFormat = 0170000, kDirectory = 0040000, kPermissions = 07777;
    long long raw = py::to_int(mode);
    long long old_mode = raw & kPermissions;
    long long new_mode = old_mode | ((raw & kFormat) == kDirectory ? 0700 : 0600);
    if (old_mode == new_mode) return false;
    return succeeds([&] { py::call(os_function("chmod"_n), path, py::integer(new_mode)); });
}

bool chmod_by_name(handle path) { return py::truth(py::call(py::lookup("_pytest.pathlib", "_chmod_rwx"_n), path)); }

bool is_one_of(handle function, std::initializer_list<handle> names) {
    for (handle name : names)
        if (py::equal(function, os_function(name))) return true;
    return false;
}

/// A directory could not be looked into: mend it and its parent (never above the start) and remove it here, as rmtree
/// goes on without it.
bool remove_unreadable(handle path, handle start) {
    object parent = py::get(path, "parent"_n);
    bool changed = !py::equal(parent, path) && !py::equal(parent, start) && chmod_by_name(py::to_str(parent));
    changed = chmod_by_name(py::to_str(path)) || changed;
    if (!changed) return false;
    if (is_directory(path)) {
        py::call(py::lookup("_pytest.pathlib", "rm_rf"_n), path);
        return true;
    }
    return succeeds([&] { py::call(os_function("unlink"_n), py::to_str(path)); });
}

object on_error(Args a) {
    handle function = a[0], path = a[1], start = a[3];
    object error = py::is_instance(a[2], PyExc_BaseException) ? py::borrow(a[2]) : py::item(a[2], py::integer(1));
    if (py::is_instance(error, PyExc_FileNotFoundError)) return py::boolean(false);  // another process was quicker
    handle type = py::type_of(error);
    if (!py::is_instance(error, PyExc_PermissionError)) {
        warn_pytest(py::cat("(rm_rf) error removing ", path, "\n", type, ": ", error));
        return py::boolean(false);
    }
    object target = py::call(path_class(), path);
    if (is_one_of(function, {"open"_n, "scandir"_n})) return py::boolean(remove_unreadable(target, start));
    if (!is_one_of(function, {"rmdir"_n, "remove"_n, "unlink"_n})) {
        warn_pytest(py::cat("(rm_rf) unknown function ", function, " when removing ", path, ":\n", type, ": ", error));
        return py::boolean(false);
    }
    if (is_file(target))
        for (object parent : py::each(py::get(target, "parents"_n))) {
            chmod_by_name(py::to_str(parent));
            if (py::equal(parent, start)) break;
        }
    chmod_by_name(py::to_str(path));
    py::call(function, path);
    return py::boolean(true);
}

/// Whether `shutil.rmtree` is Python's, and works on the system's files.
bool removes_as_python() {
    if (!py::has_builtin_functions({"rmdir"_n, "unlink"_n, "scandir"_n})) return false;
    object module = py::loaded_module("shutil"_n);
    return !module.is_valid() ||
           (py::text_of(py::get(py::get(module, "rmtree"_n), "__module__"_n)) == "shutil" &&
            py::get(module, "os"_n).is(py::loaded_module("os"_n)));
}

object rm_rf(Args a) {
    std::string text = py::fs_text(a[0]);
    if (g_remove_natively.take(!py::believes_in_lookers() && removes_as_python()) && os::remove_tree(text))
        return py::none();
    object path = py::call(py::lookup("_pytest.pathlib", "ensure_extended_length_path"_n), a[0]);
    object handler = py::call_kw(py::lookup("_functools", "partial"_n),
                                 {py::lookup("_pytest.pathlib", "on_rm_rf_error"_n)}, {{"start_path"_n, path}});
    object keyword = py::str(py::version::kRmtreeHandler);
    py::call_kw(py::lookup("shutil", "rmtree"_n), {py::to_str(path)}, {{keyword, handler}});
    return py::none();
}

}  // namespace

void define_removal(py::Module& m) {
    m.def("on_rm_rf_error", "func, path, excinfo, *, start_path", on_error);
    m.def("_chmod_rwx", "p", [](Args a) { return py::boolean(make_deletable(a[0])); });
    m.def("rm_rf", "path", rm_rf, "Remove a tree, also where parts of it are read-only.");
}

}  // namespace fastest::collect
