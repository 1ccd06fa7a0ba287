// `PytestPluginManager`: pluggy's manager with pytest's ways of finding hooks.

#include "engine/py/functools.h"
#include "engine/settings/config.h"

namespace fastest::settings {
namespace {

using namespace py::literals;
using py::Args;
using py::handle;
using py::object;

object base_method(handle name) { return py::get(py::global<"config", "PluginManager">(), name); }

/// PYTEST_DEBUG: traces all hook calls to a copy of stderr that nobody captures.
void trace_to_stderr(handle self) {
    object target = py::lookup("sys", "stderr"_n);
    try {
        object encoding = py::get_or(target, "encoding"_n, py::str("utf8"));
        object fd = py::call(py::lookup("os", "dup"_n), py::call_method(target, "fileno"_n));
        target = py::call_kw(
            py::lookup("builtins", "open"_n), {fd},
            {{"mode"_n, py::get(target, "mode"_n)}, {"buffering"_n, py::integer(1)}, {"encoding"_n, encoding}});
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_Exception)) throw;
    }
    py::call_method(py::get(py::get(self, "trace"_n), "root"_n), "setwriter"_n, py::get(target, "write"_n));
    py::call_method(self, "enable_tracing"_n);
}

object init(Args a) {
    handle self = a[0];
    py::call(base_method("__init__"_n), self, py::str("pytest"));
    py::set(self, "_conftest_plugins"_n, py::check(PySet_New(nullptr)));
    py::set(self, "_dirpath2confmods"_n, py::new_dict());
    py::set(self, "_confcutdir"_n, Py_None);
    py::set(self, "_noconftest"_n, Py_False);
    py::set(self, "_get_directory"_n,
            py::lru_cache(py::facade("_pytest.config", "_get_directory"_n), py::integer(256)));
    py::set(self, "skipped_plugins"_n, py::new_list());
    py::call_method(self, "add_hookspecs"_n, py::import_module("_pytest.hookspec"));
    py::call_method(self, "register"_n, self);
    if (py::truth(environment("PYTEST_DEBUG"))) trace_to_stderr(self);
    py::set(self, "rewrite_hook"_n, py::call(py::lookup("_pytest.assertion", "DummyRewriteHook"_n)));
    py::set(self, "_configured"_n, Py_False);
    return py::none();
}

// --- options of hooks -------------------------------------------------------------------------

/// `inspect.isroutine`.
bool is_routine(handle value) {
    if (PyFunction_Check(value.ptr()) || PyMethod_Check(value.ptr()) || PyCFunction_Check(value.ptr()) ||
        py::is_native_function(value))
        return true;
    if (PyType_Check(value.ptr())) return false;
    handle type(py::type_of(value));
    return py::has(type, "__get__"_n) && !py::has(type, "__set__"_n);
}

/// Options of a hook that were given as attributes or marks, as was done before `hookimpl` and `hookspec`.
object legacy_marks(handle method, const std::string& kind, const std::vector<std::string>& names) {
    object marks = py::check(PySet_New(nullptr));
    if (object own = py::try_get(method, "pytestmark"_n); own.is_valid())
        for (object mark : py::each(own)) py::check(PySet_Add(marks.ptr(), py::get(mark, "name"_n).ptr()));
    object options = py::new_dict();
    std::string used;
    for (const std::string& name : names) {
        object key = py::str(name);
        object value = py::try_get(method, key);
        bool given = value.is_valid() || py::contains(marks, key);
        if (given)
            used += py::cat(used.empty() ? "" : ", ", name, "=", value.is_valid() ? handle(value) : handle(Py_True));
        py::dict_set(options, key, py::boolean(given));
    }
    if (!used.empty()) {
        object message = py::call_method_kw(py::facade("_pytest.deprecated", "HOOK_LEGACY_MARKING"_n), "format"_n, {},
                                            {{"type"_n, py::str(kind)},
                                             {"fullname"_n, py::get(method, "__qualname__"_n)},
                                             {"hook_opts"_n, py::str(used)}});
        py::call(py::facade("_pytest.warning_types", "warn_explicit_for"_n), method, message);
    }
    return options;
}

bool is_hook_name(handle name) { return py::text(name).starts_with("pytest_"); }

object parse_hookimpl_opts(Args a) {
    if (!is_hook_name(a[2]) || PyUnicode_CompareWithASCIIString(a[2].ptr(), "pytest_plugins") == 0) return py::none();
    object options = py::call(base_method("parse_hookimpl_opts"_n), a[0], a[1], a[2]);
    if (!py::is_none(options)) return options;
    object method = py::get(a[1], a[2]);
    if (!is_routine(method)) return py::none();
    return legacy_marks(method, "impl", {"tryfirst", "trylast", "optionalhook", "hookwrapper"});
}

object parse_hookspec_opts(Args a) {
    object options = py::call(base_method("parse_hookspec_opts"_n), a[0], a[1], a[2]);
    if (!py::is_none(options)) return options;
    object method = py::get(a[1], a[2]);
    return is_hook_name(a[2]) ? legacy_marks(method, "spec", {"firstresult", "historic"}) : options;
}

object get_legacy_hook_marks(Args a) {
    std::vector<std::string> names;
    for (object name : py::each(a[2])) names.push_back(py::text(name));
    return legacy_marks(a[0], py::text(a[1]), names);
}

// --- plugins ----------------------------------------------------------------------------------

object register_plugin(Args a) {
    handle self = a[0], plugin = a[1], name = a[2];
    bool external = py::is_str(name) && py::text(name).starts_with("pytest_");  // as all the deprecated ones
    if (external && py::contains(py::facade("_pytest.deprecated", "DEPRECATED_EXTERNAL_PLUGINS"_n), name)) {
        object shown = py::call_method(name, "replace"_n, py::str("_"), py::str("-"));
        object warning = py::call(py::facade("_pytest.warning_types", "PytestConfigWarning"_n),
                                  py::strcat(shown,
                                             " plugin has been merged into the core, please remove it from your "
                                             "requirements."));
        py::call(py::lookup("warnings", "warn"_n), warning);
        return py::none();
    }
    object plugin_name = py::call(base_method("register"_n), self, plugin, name);
    if (py::is_none(plugin_name)) return plugin_name;
    object arguments = py::new_dict();
    py::dict_set(arguments, "plugin"_n, plugin);
    py::dict_set(arguments, "plugin_name"_n, plugin_name);
    py::dict_set(arguments, "manager"_n, self);
    object hook = py::get(py::get(self, "hook"_n), "pytest_plugin_registered"_n);
    py::call_method_kw(hook, "call_historic"_n, {}, {{"kwargs"_n, arguments}});
    if (PyModule_Check(plugin.ptr())) py::call_method(self, "consider_module"_n, plugin);
    return plugin_name;
}

object hasplugin(Args a) { return py::boolean(py::truth(py::call_method(a[0], "get_plugin"_n, a[1]))); }

object pytest_configure(Args a) {
    auto mark = [&](const char* name, const char* when) {
        py::call_method(a[1], "addinivalue_line"_n, "markers"_n,
                        py::strcat(name,
                                   ": mark a hook implementation function such that the plugin machinery will try to "
                                   "call it ",
                                   when, " possible. DEPRECATED, use @pytest.hookimpl(", name, "=True) instead."));
    };
    mark("tryfirst", "first/as early as");
    mark("trylast", "last/as late as");
    py::set(a[0], "_configured"_n, Py_True);
    return py::none();
}

}  // namespace

void define_plugin_manager(py::Module& m) {
    m.attr("PluginManager", py::global<"pluggy_manager", "PluginManager">());
    m.def("_get_legacy_hook_marks", "method, hook_type, opt_names", get_legacy_hook_marks);
    py::ClassBuilder manager = m.cls("PytestPluginManager", {m.get("PluginManager")});
    manager.def("__init__", "self", init)
        .def("parse_hookimpl_opts", "self, plugin, name", parse_hookimpl_opts)
        .def("parse_hookspec_opts", "self, module_or_class, name", parse_hookspec_opts)
        .def("register", "self, plugin, name=None", register_plugin,
             "Register a plugin and return its name; None when that name is blocked.")
        .def("getplugin", "self, name", [](Args a) { return py::call_method(a[0], "get_plugin"_n, a[1]); })
        .def("hasplugin", "self, name", hasplugin, "Whether a plugin of that name is registered.")
        .hook("pytest_configure", "self, config", pytest_configure)
        .doc(
            "pluggy's PluginManager, and besides:\n\n"
            "* plugins from the command line, from PYTEST_PLUGINS and from `pytest_plugins` variables;\n"
            "* `conftest.py` files.");
    define_conftests(m, manager);
    define_plugin_loading(m, manager);
    manager.make();
}

}  // namespace fastest::settings
