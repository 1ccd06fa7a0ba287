// conftest.py files: which ones a path has, and importing them.

#include "engine/py/frame.h"
#include "engine/settings/config.h"
#include "engine/settings/paths.h"
#include "os/files.h"
#include "os/paths.h"
#include "os/search.h"

namespace fastest::settings {
namespace {

using namespace py::literals;
using py::Args;
using py::handle;
using py::object;

object get_directory(Args a) {
    std::string path = fs_text(a[0]);
    return os::is_file(path) ? py::get(a[0], "parent"_n) : py::borrow(a[0]);
}

struct ImportRules {
    handle mode, rootpath, namespace_packages;
};

void load_for(handle self, handle path, const ImportRules& rules) {
    py::call_method_kw(self, "_loadconftestmodules"_n, {path, rules.mode, rules.rootpath},
                       {{"consider_namespace_packages"_n, rules.namespace_packages}});
}

/// A folder and its sub-folders called `test*`, in the order of the folder.
void add_with_test_folders(std::vector<std::string>& anchors, const std::string& folder) {
    anchors.push_back(folder);
    for (const std::string& name : os::list_folder(folder).value_or(std::vector<std::string>{}))
        if (name.starts_with("test") && os::is_folder(os::join(folder, name))) anchors.push_back(os::join(folder, name));
}

/// self, args, pyargs, noconftest, rootpath, confcutdir, invocation_dir, importmode, *, consider_namespace_packages
object set_initial_conftests(Args a) {
    handle self = a[0];
    std::string invocation_dir = fs_text(a[6]);
    auto below = [&](handle path) { return os::normal(os::absolute(os::join(invocation_dir, fs_text(path)))); };
    py::set(self, "_confcutdir"_n, py::truth(a[5]) ? make_path(below(a[5])) : py::none());
    py::set(self, "_noconftest"_n, a[3]);
    py::set(self, "_using_pyargs"_n, a[2]);
    std::vector<std::string> anchors;
    for (object argument : py::each(a[1])) {
        object id = py::call_method(py::lookup("_pytest.nodeid", "NodeId"_n), "parse"_n, py::to_str(argument));
        std::string anchor = below(py::get(id, "path"_n));
        if (!os::exists(anchor)) continue;
        if (os::is_folder(anchor)) add_with_test_folders(anchors, anchor);
        else anchors.push_back(anchor);
    }
    if (anchors.empty()) add_with_test_folders(anchors, invocation_dir);
    for (const std::string& anchor : anchors) load_for(self, make_path(anchor), {a[7], a[4], a[8]});
    return py::none();
}

object is_in_confcutdir(Args a) {
    object confcutdir = py::get(a[0], "_confcutdir"_n);
    return py::boolean(py::is_none(confcutdir) || !os::is_above(fs_text(a[1]), fs_text(confcutdir)));
}

object directory_of(handle self, handle path) { return py::call(py::get(self, "_get_directory"_n), path); }

/// self, path, importmode, rootpath, *, consider_namespace_packages
object load_conftest_modules(Args a) {
    handle self = a[0];
    if (py::truth(py::get(self, "_noconftest"_n))) return py::none();
    object directory = directory_of(self, a[1]), known = py::get(self, "_dirpath2confmods"_n);
    if (py::contains(known, directory)) return py::none();
    object confcutdir = py::get(self, "_confcutdir"_n);
    std::string cut = py::is_none(confcutdir) ? std::string() : fs_text(confcutdir);
    std::vector<std::string> folders = os::with_parents(fs_text(directory));
    object modules = py::new_list();
    for (auto folder = folders.rbegin(); folder != folders.rend(); ++folder) {
        if (!cut.empty() && os::is_above(*folder, cut)) continue;
        std::string conftest = os::join(*folder, "conftest.py");
        if (!os::is_file(conftest)) continue;
        object module = py::call_method_kw(self, "_importconftest"_n, {make_path(conftest), a[2], a[3]},
                                           {{"consider_namespace_packages"_n, a[4]}});
        py::append(modules, module);
    }
    py::set_item(known, directory, modules);
    return py::none();
}

object getconftestmodules(Args a) {
    object found = py::dict_get(py::get(a[0], "_dirpath2confmods"_n), directory_of(a[0], a[1]));
    return found.is_valid() ? found : py::tuple_of();
}

object rget_with_confmod(Args a) {
    object modules = py::call_method(a[0], "_getconftestmodules"_n, a[2]);
    for (Py_ssize_t i = py::length(modules); i-- > 0;) {
        object module = py::check(PySequence_GetItem(modules.ptr(), i));
        if (object value = py::try_get(module, a[1]); value.is_valid()) return py::tuple_of(module, value);
    }
    py::raise_exception(py::call(PyExc_KeyError, a[1]));
}

/// Conftests outside of packages are all called "conftest": the one before must not be found instead of this one.
void forget_previous(handle path) {
    if (py::is_none(py::call(py::lookup("_pytest.pathlib", "resolve_package_path"_n), path)))
        py::dict_remove(PyImport_GetModuleDict(), py::get(path, "stem"_n));
}

object import_module_at(handle path, handle mode, handle rootpath, handle namespace_packages) {
    try {
        return py::call_kw(py::lookup("_pytest.pathlib", "import_path"_n), {path},
                           {{"mode"_n, mode}, {"root"_n, rootpath}, {"consider_namespace_packages"_n, namespace_packages}});
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_Exception)) throw;
        py::Handling handling(error);
        object cause = py::borrow(error.value());
        if (error.traceback().is_valid()) py::set(cause, "__traceback__"_n, error.traceback());
        py::ensure_traceback(cause, "_pytest.pathlib", "import_path");
        py::raise_from(py::call_kw(py::facade("_pytest.config", "ConftestImportFailure"_n), {path}, {{"cause"_n, cause}}),
                       cause);
    }
}

/// Folders whose conftests were looked up before this one was there get it too.
void add_to_known_folders(handle self, handle module, handle path) {
    object known = py::get(self, "_dirpath2confmods"_n), folder = py::get(path, "parent"_n);
    if (!py::contains(known, folder)) return;
    std::string above = fs_text(folder);
    for (object entry : py::each(py::to_list(py::call_method(known, "items"_n)))) {
        std::string other = fs_text(py::item(entry, py::integer(0)));
        object modules = py::item(entry, py::integer(1));
        if (other != above && !os::is_above(above, other)) continue;
        if (py::contains(modules, module))
            py::raise(PyExc_AssertionError,
                      py::cat("While trying to load conftest path ", path, ", found that the module ", module,
                              " is already loaded with path ", py::get(module, "__file__"_n),
                              ". This is not supposed to happen. Please report this issue to pytest."));
        py::append(modules, module);
    }
}

/// self, conftestpath, importmode, rootpath, *, consider_namespace_packages
object import_conftest(Args a) {
    handle self = a[0], path = a[1];
    object name = py::to_str(path);
    object existing = py::call_method(self, "get_plugin"_n, name);
    if (!py::is_none(existing)) return existing;
    forget_previous(path);
    object module = import_module_at(path, a[2], a[3], a[4]);
    py::call_method(self, "_check_non_top_pytest_plugins"_n, module, path);
    py::call_method(py::get(self, "_conftest_plugins"_n), "add"_n, module);
    add_to_known_folders(self, module, path);
    py::call_method(self, "trace"_n, py::strcat("loading conftestmodule ", py::repr_of(module)));
    py::call_method_kw(self, "consider_conftest"_n, {module}, {{"registration_name"_n, name}});
    return module;
}

object check_non_top_pytest_plugins(Args a) {
    handle self = a[0];
    if (!py::has(a[1], "pytest_plugins"_n) || !py::truth(py::get(self, "_configured"_n)) ||
        py::truth(py::get(self, "_using_pyargs"_n)))
        return py::none();
    object message = py::strcat(
        "Defining 'pytest_plugins' in a non-top-level conftest is no longer supported:\n"
        "It affects the entire test suite instead of just below the conftest as expected.\n  ",
        a[2], "\nPlease move it to a top level conftest file at the rootdir:\n  ", py::get(self, "_confcutdir"_n),
        "\nFor more information, visit:\n"
        "  https://docs.pytest.org/en/stable/deprecations.html#pytest-plugins-in-non-top-level-conftest-files");
    return py::call_kw(py::lookup("_pytest.outcomes", "fail"_n), {message}, {{"pytrace"_n, Py_False}});
}

object consider_conftest(Args a) {
    py::call_method_kw(a[0], "register"_n, {a[1]}, {{"name"_n, a[2]}});
    return py::none();
}

}  // namespace

void define_conftests(py::Module& m, py::ClassBuilder& manager) {
    m.def("_get_directory", "path", get_directory);
    manager
        .def("_set_initial_conftests",
             "self, args, pyargs, noconftest, rootpath, confcutdir, invocation_dir, importmode, *, consider_namespace_packages",
             set_initial_conftests)
        .def("_is_in_confcutdir", "self, path", is_in_confcutdir)
        .def("_loadconftestmodules", "self, path, importmode, rootpath, *, consider_namespace_packages", load_conftest_modules)
        .def("_getconftestmodules", "self, path", getconftestmodules)
        .def("_rget_with_confmod", "self, name, path", rget_with_confmod)
        .def("_importconftest", "self, conftestpath, importmode, rootpath, *, consider_namespace_packages", import_conftest)
        .def("_check_non_top_pytest_plugins", "self, mod, conftestpath", check_non_top_pytest_plugins)
        .def("consider_conftest", "self, conftestmodule, registration_name", consider_conftest);
}

}  // namespace fastest::settings
