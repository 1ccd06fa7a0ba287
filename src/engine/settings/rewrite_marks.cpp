// Which modules of plugins have their asserts rewritten: what the distributions of the plugins install.

#include "engine/settings/config.h"

namespace fastest::settings {
namespace {

using namespace py::literals;
using py::Args;
using py::handle;
using py::object;

std::string_view strip_suffix(std::string_view text, std::size_t count) { return text.substr(0, text.size() - count); }

/// The top-level modules and packages among installed files. When there are none, the first folder of each path is taken
/// off: distributions of old list sources, `src/package/__init__.py`.
std::vector<std::string> rewritable_modules(std::vector<std::string> files) {
    std::vector<std::string> names;
    while (names.empty() && !files.empty()) {
        std::vector<std::string> below;
        for (const std::string& file : files) {
            std::size_t slash = file.find('/');
            if (slash == std::string::npos) {
                if (!file.ends_with(".py")) continue;
                std::string_view module = strip_suffix(file, 3);
                if (module != "setup" && !module.starts_with("__editable__")) names.emplace_back(module);
                continue;
            }
            bool once = file.find('/', slash + 1) == std::string::npos;
            if (once && file.ends_with("__init__.py")) names.push_back(file.substr(0, slash));
            if (slash + 1 < file.size()) below.push_back(file.substr(slash + 1));
        }
        files = std::move(below);
    }
    return names;
}

/// The outermost package of a module that is no namespace package, or None.
object plugin_rewrite_name(Args a) {
    object finder = py::lookup("importlib.machinery", "PathFinder"_n);
    object search_path = py::none(), name;
    for (object part : py::each(py::call_method(a[0], "split"_n, py::str(".")))) {
        name = name.is_valid() ? py::strcat(name, ".", part) : part;
        object spec = py::call_method(finder, "find_spec"_n, part, search_path);
        if (py::is_none(spec)) return spec;
        object locations = py::get(spec, "submodule_search_locations"_n);
        if (!py::is_none(py::get(spec, "origin"_n)) || py::is_none(locations)) return name;
        search_path = py::to_list(locations);
    }
    return py::none();
}

/// Whether `direct_url.json` says that the distribution is installed in editable mode.
bool is_editable(handle direct_url) {
    if (!py::truth(direct_url)) return false;
    try {
        object parsed = py::call(py::lookup("json", "loads"_n), direct_url);
        object info = py::call_method(parsed, "get"_n, py::str("dir_info"), py::new_dict());
        return py::truth(py::call_method(info, "get"_n, py::str("editable")));
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_ValueError)) throw;
        return false;
    }
}

bool is_editable_distribution(handle distribution) {
    object read = py::try_get(distribution, "read_text"_n);
    return read.is_valid() && !py::is_none(read) && is_editable(py::call(read, py::str("direct_url.json")));
}

void mark_target(handle hook, handle value) {
    std::string text = py::text(value);
    object module = py::call_method(py::str(text.substr(0, text.find(':'))), "strip"_n);
    object name = py::call(py::facade("_pytest.config", "_plugin_rewrite_name"_n), module);
    if (py::truth(name)) py::call_method(hook, "mark_rewrite"_n, name);
}

void mark_files(handle hook, const std::vector<std::string>& modules) {
    object unique = py::check(PySet_New(nullptr));
    for (const std::string& module : modules) py::check(PySet_Add(unique.ptr(), py::str(module).ptr()));
    for (object module : py::each(unique)) py::call_method(hook, "mark_rewrite"_n, module);
}

/// A distribution as importlib.metadata gives it.
void mark_distribution(handle hook, handle distribution) {
    object entries = py::new_list();
    for (object entry : py::each(py::get(distribution, "entry_points"_n)))
        if (py::equal(py::get(entry, "group"_n), py::str("pytest11"))) py::append(entries, entry);
    if (py::length(entries) == 0) return;
    std::vector<std::string> files;
    object listed = py::get(distribution, "files"_n);
    if (py::truth(listed))
        for (object file : py::each(listed)) files.push_back(py::text_of(file));
    std::vector<std::string> modules = rewritable_modules(std::move(files));
    mark_files(hook, modules);
    if (modules.empty() && is_editable_distribution(distribution))
        for (object entry : py::each(entries)) mark_target(hook, py::get(entry, "value"_n));
}

void mark_distribution(handle hook, const config::Distribution& distribution) {
    std::vector<config::EntryPoint> entries = distribution.entry_points("pytest11");
    if (entries.empty()) return;
    auto files = distribution.recorded_files();
    if (!files) return mark_distribution(hook, make_distribution(distribution));
    std::vector<std::string> modules = rewritable_modules(std::move(*files));
    mark_files(hook, modules);
    if (!modules.empty()) return;
    auto direct_url = distribution.read_text("direct_url.json");
    if (!direct_url || !is_editable(py::str(*direct_url))) return;
    for (const config::EntryPoint& entry : entries) mark_target(hook, py::str(entry.value));
}

constexpr WarningSite kMarking{1507, "_consider_importhook", "self._mark_plugins_for_rewrite(hook, disable_autoload)"};

/// self, hook, disable_autoload
object mark_plugins_for_rewrite(Args a) {
    py::set(py::get(a[0], "pluginmanager"_n), "rewrite_hook"_n, a[1]);
    if (py::truth(a[2])) return py::none();
    WarningsShownAt place(a[0], &kMarking);
    if (auto distributions = native_distributions()) {
        for (const config::Distribution& distribution : *distributions) mark_distribution(a[1], distribution);
        return py::none();
    }
    for (object distribution : py::each(py::call(py::lookup("importlib.metadata", "distributions"_n))))
        mark_distribution(a[1], distribution);
    return py::none();
}

object consider_importhook(Args a) {
    object known = py::get(a[0], "known_args_namespace"_n);
    object mode = py::get_or(known, "assertmode"_n, py::str("plain"));
    bool disabled = py::truth(py::get_or(known, "disable_plugin_autoload"_n, Py_False)) ||
                    py::truth(environment("PYTEST_DISABLE_PLUGIN_AUTOLOAD"));
    if (PyUnicode_CompareWithASCIIString(mode.ptr(), "rewrite") == 0) {
        object hook;
        try {
            hook = py::call(py::lookup("_pytest.assertion", "install_importhook"_n), a[0]);
        } catch (nb::python_error& error) {
            if (!error.matches(PyExc_SystemError)) throw;
            mode = py::str("plain");
        }
        if (hook.is_valid()) py::call_method(a[0], "_mark_plugins_for_rewrite"_n, hook, py::boolean(disabled));
    }
    py::call_method(a[0], "_warn_about_missing_assertion"_n, mode);
    return py::none();
}

object iter_rewritable_modules(Args a) {
    std::vector<std::string> files;
    for (object file : py::each(a[0])) files.push_back(py::text(file));
    object names = py::new_list();
    for (const std::string& name : rewritable_modules(std::move(files))) py::append(names, py::str(name));
    return py::check(PyObject_GetIter(names.ptr()));
}

}  // namespace

void define_rewrite_marks(py::Module& m, py::ClassBuilder& config) {
    m.def("_plugin_rewrite_name", "module", plugin_rewrite_name);
    m.def("_is_editable_install", "dist", [](Args a) { return py::boolean(is_editable_distribution(a[0])); });
    m.def("_iter_rewritable_modules", "package_files", iter_rewritable_modules);
    config.def("_mark_plugins_for_rewrite", "self, hook, disable_autoload", mark_plugins_for_rewrite)
        .def("_consider_importhook", "self", consider_importhook);
}

}  // namespace fastest::settings
