// Finding plugins: by name on the command line, in the environment, in modules, as entry points of distributions.

#include "engine/py/facades.h"
#include "engine/py/finally.h"
#include "engine/settings/config.h"
#include "engine/settings/config_files.h"

namespace fastest::settings {
namespace {

using namespace py::literals;
using py::Args;
using py::handle;
using py::object;

constexpr WarningSite kFromArgument{894, "consider_pluginarg", "self.import_plugin(arg, consider_entry_points=True)"};
constexpr WarningSite kFromSpecs{915, "_import_plugin_specs",
                                 "self.import_plugin(import_spec, consider_entry_points=True)"};

/// `self.import_plugin(name, consider_entry_points=True)`, which is told where it is called.
void import_from(handle self, handle name, const WarningSite& site) {
    py::set(self, "_import_site"_n, held_site(site));
    py::finally(
        [&] {
            py::call_method_kw(self, "import_plugin"_n, {name}, {{"consider_entry_points"_n, Py_True}});
        },
        [&] { py::set(self, "_import_site"_n, Py_None); });
}

/// Where `import_plugin` was called, if that has no Python frame. What is imported on the way is not called there.
const WarningSite* take_import_site(handle self) {
    const WarningSite* site = site_in(py::get_or(self, "_import_site"_n, Py_None));
    if (site) py::set(self, "_import_site"_n, Py_None);
    return site;
}

object consider_preparse(Args a) {
    handle self = a[0], words = a[1];
    bool exclude_only = py::truth(a[2]);
    Py_ssize_t count = py::length(words);
    for (Py_ssize_t i = 0; i < count;) {
        object word = py::check(PySequence_GetItem(words.ptr(), i++));
        if (!py::is_str(word)) continue;
        std::string text = py::text(word);
        if (!text.starts_with("-p")) continue;
        object name;
        if (text == "-p") {
            if (i >= count) return py::none();
            name = py::check(PySequence_GetItem(words.ptr(), i++));
        } else {
            name = py::str(text.substr(2));
        }
        name = py::call_method(name, "strip"_n);
        if (exclude_only && !py::text(name).starts_with("no:")) continue;
        py::call_method(self, "consider_pluginarg"_n, name);
    }
    return py::none();
}

void block(handle self, const std::string& name) { py::call_method(self, "set_blocked"_n, py::str(name)); }

void exclude(handle self, const std::string& name) {
    if (py::contains(py::facade("_pytest.config", "essential_plugins"_n), py::str(name)))
        usage_error("plugin " + name + " cannot be disabled");
    if (name.ends_with("conftest.py"))
        usage_error("Blocking conftest files using -p is not supported: -p no:" + name +
                    "\nconftest.py files are not plugins and cannot be disabled via -p.\n");
    if (name == "cacheprovider") {  // stepwise needs it
        block(self, "stepwise");
        block(self, "pytest_stepwise");
    }
    block(self, name);
    if (!name.starts_with("pytest_")) block(self, "pytest_" + name);
}

object consider_pluginarg(Args a) {
    handle self = a[0];
    std::string name = py::text(a[1]);
    if (name.starts_with("no:")) {
        exclude(self, name.substr(3));
        return py::none();
    }
    py::call_method(self, "unblock"_n, a[1]);
    if (!name.starts_with("pytest_")) py::call_method(self, "unblock"_n, py::str("pytest_" + name));
    import_from(self, a[1], kFromArgument);
    return py::none();
}

object specs_as_list(handle specs) {
    if (py::is_none(specs) || PyModule_Check(specs.ptr())) return py::new_list();
    if (py::is_str(specs)) return py::truth(specs) ? py::call_method(specs, "split"_n, py::str(",")) : py::new_list();
    if (PyList_Check(specs.ptr()) || PyTuple_Check(specs.ptr()) ||
        py::is_instance(specs, py::lookup("collections.abc", "Sequence"_n)))
        return py::to_list(specs);
    usage_error(py::cat("Plugins may be specified as a sequence or a ','-separated string of plugin names. Got: ",
                        py::repr_of(specs)));
}

object import_plugin_specs(Args a) {
    for (object name : py::each(py::call(py::facade("_pytest.config", "_get_plugin_specs_as_list"_n), a[1])))
        import_from(a[0], name, kFromSpecs);
    return py::none();
}

object consider_env(Args a) {
    py::call_method(a[0], "_import_plugin_specs"_n, environment("PYTEST_PLUGINS"));
    return py::none();
}

object consider_module(Args a) {
    if (py::is_untouched(a[1])) return py::none();  // builtin ones name no others
    object specs = py::get_or(a[1], "pytest_plugins"_n, py::new_list());
    py::call_method(a[0], "_import_plugin_specs"_n, specs);
    return py::none();
}

bool is_missing(handle error, handle spec) {
    object name = py::get(error, "name"_n);
    if (py::is_none(name)) return false;
    return py::equal(name, spec) || py::text(spec).starts_with(py::text(name) + ".");
}

[[noreturn]] void raise_import_failure(handle name, const nb::python_error& error) {
    object cause = py::borrow(error.value());
    if (error.traceback().is_valid()) py::set(cause, "__traceback__"_n, error.traceback());
    py::raise_from(py::call(py::facade("_pytest.config", "PluginImportFailure"_n), name), cause);
}

/// The module of a plugin; null when it skipped itself.
object import_spec(handle self, handle name, handle spec) {
    try {
        return py::import_as_importlib(spec);
    } catch (nb::python_error& error) {
        py::Handling handling(error);
        if (error.matches(py::lookup("_pytest.outcomes", "Skipped"_n))) {
            object reason = py::get(error.value(), "msg"_n);
            py::append(py::get(self, "skipped_plugins"_n),
                       py::tuple_of(name, py::truth(reason) ? reason : py::str("")));
            return {};
        }
        object usage = py::lookup("_pytest.config.exceptions", "UsageError"_n);
        if (error.matches(usage) || !error.matches(PyExc_Exception)) throw;
        if (error.matches(PyExc_ModuleNotFoundError) && is_missing(error.value(), spec))
            py::raise_from(py::call(usage, py::strcat("Error importing plugin \"", name, "\": ", error.value())),
                           error.value());
        raise_import_failure(name, error);
    }
}

object import_plugin(Args a) {
    handle self = a[0], name = a[1];
    const WarningSite* site = take_import_site(self);
    if (!py::is_str(name))
        py::raise(PyExc_AssertionError, py::cat("module name as text required, got ", py::repr_of(name)));
    if (py::truth(py::call_method(self, "is_blocked"_n, name)) ||
        !py::is_none(py::call_method(self, "get_plugin"_n, name)))
        return py::none();
    bool builtin = py::contains(py::facade("_pytest.config", "builtin_plugins"_n), name);
    object spec = builtin ? py::strcat("_pytest.", name) : py::borrow(name);
    object hook = py::get(self, "rewrite_hook"_n);
    {
        WarningsShownAt place(py::get_or(hook, "config"_n, Py_None), site);
        py::call_method(hook, "mark_rewrite"_n, spec);
    }
    if (py::truth(a[2])) {
        object loaded =
            py::call_method_kw(self, "load_setuptools_entrypoints"_n, {py::str("pytest11")}, {{"name"_n, name}});
        if (py::truth(loaded)) return py::none();
    }
    object module = import_spec(self, name, spec);
    if (module.is_valid()) py::call_method(self, "register"_n, module, name);
    return py::none();
}

// --- entry points -----------------------------------------------------------------------------

object load_target(const std::string& value) {
    auto target = config::entry_point_target(value);
    if (!target)  // importlib's own error for a reference that cannot be read
        py::raise(PyExc_AttributeError, "'NoneType' object has no attribute 'group'");
    object found = py::import_module(py::str(target->module));
    for (const std::string& attribute : target->attributes) found = py::get(found, py::str(attribute));
    return found;
}

bool is_wanted(handle self, handle entry, handle name) {
    return (py::is_none(name) || py::equal(entry, name)) && !py::truth(py::call_method(self, "get_plugin"_n, entry)) &&
           !py::truth(py::call_method(self, "is_blocked"_n, entry));
}

long long load_entry_points(handle self, handle group, handle name) {
    auto distributions = native_distributions();
    if (!distributions) {
        object base = py::get(py::global<"config", "PluginManager">(), "load_setuptools_entrypoints"_n);
        return py::to_int(py::call_kw(base, {self, group}, {{"name"_n, name}}));
    }
    long long count = 0;
    for (const config::Distribution& distribution : *distributions) {
        for (const config::EntryPoint& entry : distribution.entry_points(py::text(group))) {
            object entry_name = py::str(entry.name);
            if (!is_wanted(self, entry_name, name)) continue;
            object plugin = load_target(entry.value);
            py::call_method_kw(self, "register"_n, {plugin}, {{"name"_n, entry_name}});
            py::append(py::get(self, "_plugin_distinfo"_n), py::tuple_of(plugin, make_distribution(distribution)));
            ++count;
        }
    }
    return count;
}

object load_setuptools_entrypoints(Args a) {
    try {
        return py::integer(load_entry_points(a[0], a[1], a[2]));
    } catch (nb::python_error& error) {
        if (error.matches(py::lookup("_pytest.config.exceptions", "UsageError"_n)) || !error.matches(PyExc_Exception))
            throw;
        py::Handling handling(error);
        raise_import_failure(py::truth(a[2]) ? a[2] : a[1], error);
    }
}

}  // namespace

void define_plugin_loading(py::Module& m, py::ClassBuilder& manager) {
    m.def("_is_missing_module", "e, importspec", [](Args a) { return py::boolean(is_missing(a[0], a[1])); });
    m.def("_get_plugin_specs_as_list", "specs", [](Args a) { return specs_as_list(a[0]); });
    manager.def("consider_preparse", "self, args, *, exclude_only=False", consider_preparse)
        .def("consider_pluginarg", "self, arg", consider_pluginarg)
        .def("consider_env", "self", consider_env)
        .def("consider_module", "self, mod", consider_module)
        .def("_import_plugin_specs", "self, spec", import_plugin_specs)
        .def("import_plugin", "self, modname, consider_entry_points=False", import_plugin,
             "Import a plugin by its module name and register it. With `consider_entry_points`, names of entry points "
             "are\n"
             "looked for first.")
        .def("load_setuptools_entrypoints", "self, group, name=None", load_setuptools_entrypoints);
}

}  // namespace fastest::settings
