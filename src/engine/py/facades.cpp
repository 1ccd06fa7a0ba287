#include "engine/py/facades.h"

#include <algorithm>

#include "engine/py/error.h"
#include "engine/py/module.h"

namespace fastest::py {

namespace {

constexpr const char* kPackages[] = {"_pytest",        "_pytest._code", "_pytest._io", "_pytest.assertion",
                                     "_pytest.config", "_pytest.mark",  "pluggy",      "pytest"};

/// Modules that pytest has loaded before the first test; a parent before its children.
constexpr const char* kModules[] = {
    "_pytest",
    "_pytest._version",
    "_pytest._argcomplete",
    "_pytest._code",
    "_pytest._code.code",
    "_pytest._code.source",
    "_pytest._io",
    "_pytest._io.pprint",
    "_pytest._io.saferepr",
    "_pytest._io.terminalwriter",
    "_pytest._io.wcwidth",
    "_pytest.approx",
    "_pytest.assertion",
    "_pytest.assertion._compare_any",
    "_pytest.assertion._compare_mapping",
    "_pytest.assertion._compare_sequence",
    "_pytest.assertion._compare_set",
    "_pytest.assertion._guards",
    "_pytest.assertion._typing",
    "_pytest.assertion.compare_text",
    "_pytest.assertion.highlight",
    "_pytest.assertion.rewrite",
    "_pytest.assertion.truncate",
    "_pytest.assertion.util",
    "_pytest.cacheprovider",
    "_pytest.capture",
    "_pytest.compat",
    "_pytest.config",
    "_pytest.config.argparsing",
    "_pytest.config.exceptions",
    "_pytest.config.findpaths",
    "_pytest.debugging",
    "_pytest.deprecated",
    "_pytest.doctest",
    "_pytest.faulthandler",
    "_pytest.fixtures",
    "_pytest.freeze_support",
    "_pytest.helpconfig",
    "_pytest.hookspec",
    "_pytest.junitxml",
    "_pytest.legacypath",
    "_pytest.logging",
    "_pytest.main",
    "_pytest.mark",
    "_pytest.mark.expression",
    "_pytest.mark.structures",
    "_pytest.monkeypatch",
    "_pytest.nodeid",
    "_pytest.nodes",
    "_pytest.outcomes",
    "_pytest.pastebin",
    "_pytest.pathlib",
    "_pytest.python",
    "_pytest.raises",
    "_pytest.recwarn",
    "_pytest.reports",
    "_pytest.runner",
    "_pytest.scope",
    "_pytest.setuponly",
    "_pytest.setupplan",
    "_pytest.skipping",
    "_pytest.stash",
    "_pytest.stepwise",
    "_pytest.subtests",
    "_pytest.terminal",
    "_pytest.threadexception",
    "_pytest.timing",
    "_pytest.tmpdir",
    "_pytest.tracemalloc",
    "_pytest.unittest",
    "_pytest.unraisableexception",
    "_pytest.warning_types",
    "_pytest.warnings",
    "pluggy",
    "pluggy._caller",
    "pluggy._callers",
    "pluggy._compat",
    "pluggy._config",
    "pluggy._decorators",
    "pluggy._execution",
    "pluggy._hooks",
    "pluggy._impl",
    "pluggy._manager",
    "pluggy._result",
    "pluggy._tracing",
    "pluggy._warnings",
    "pytest",
};

struct Named {
    std::string_view module, name;
};

/// A hook in it is a Python function that calls the namespace's, which is registered as long as nobody has asked for
/// the other.
constexpr std::string_view kWithOwnHooks[] = {"_pytest.mark"};

/// Python functions of a file over those of the namespace, for tools that know their frames.
constexpr Named kFramed[] = {{"_pytest.assertion.rewrite", "try_makedirs"},
                             {"_pytest.assertion.rewrite", "_write_pyc"}};

/// What the engine may give a module as a value of the run before its file is executed.
constexpr const char* kStates[] = {"_assertion_pass", "_config", "_reprcompare"};

/// Special names that are asked for in every module, and that no file defines.
constexpr const char* kNowhere[] = {"__test__"};

constexpr std::string_view kWithFixtures[] = {
    "_pytest.cacheprovider", "_pytest.capture",     "_pytest.doctest", "_pytest.fixtures", "_pytest.junitxml",
    "_pytest.logging",       "_pytest.monkeypatch", "_pytest.recwarn", "_pytest.subtests", "_pytest.tmpdir",
};

/// Namespaces that cost much to make, or bring modules of the standard library with them: not made for a look-up.
constexpr std::string_view kAside[] = {
    "approx_decimal",           "argparse_classes", "capture_fixture",
    "capture_stand_ins",        "config_extras",    "distributions",
    "doctest_classes",          "log_catching",     "log_fixture",
    "logging_formatters",       "logging_handlers", "public_names",
    "terminal_progress_plugin",
};

PyObject* g_folder = nullptr;         // where the files are; a constant of the process
PyTypeObject* g_untouched = nullptr;  // the type of modules that nobody has touched

std::string name_of(handle module) { return text(dict_get(PyModule_GetDict(module.ptr()), "__name__"_n)); }

bool is_package(std::string_view name) { return std::ranges::find(kPackages, name) != std::end(kPackages); }

void change_type(handle module, PyTypeObject* type) {
    PyTypeObject* before = Py_TYPE(module.ptr());
    if (type->tp_flags & Py_TPFLAGS_HEAPTYPE) Py_INCREF(type);  // instances own heap types only
    Py_SET_TYPE(module.ptr(), type);
    if (before->tp_flags & Py_TPFLAGS_HEAPTYPE) Py_DECREF(before);
}

object make_spec(handle name, bool package) {
    object files = import_module("_frozen_importlib_external");
    std::string path = text(name), place = text(g_folder);
    std::ranges::replace(path, '.', '/');
    object folder = str(place + path), file = str(place + path + (package ? "/__init__.py" : ".py"));
    return call_kw(get(files, "spec_from_file_location"_n), {name, file},
                   {{"submodule_search_locations"_n, package ? list_of(folder) : none()}});
}

/// Gives an untouched module its spec and what follows from it: `__file__`, `__path__` and the like.
object spec_of(handle module) {
    handle known = PyModule_GetDict(module.ptr());
    object spec = dict_get(known, "__spec__"_n);
    if (!is_none(spec)) return spec;
    object name = dict_get(known, "__name__"_n);
    spec = make_spec(name, is_package(text(name)));
    change_type(module, &PyModule_Type);
    object made = steal(PyObject_CallFunctionObjArgs(
        get(import_module("_frozen_importlib"), "_init_module_attrs"_n).ptr(), spec.ptr(), module.ptr(), nullptr));
    change_type(module, g_untouched);
    if (!made.is_valid()) throw nb::python_error();
    return spec;
}

/// Executes the module's file, as importing it does.
void touch(handle module) {
    if (!is_untouched(module)) return;
    object spec = spec_of(module);
    handle known = PyModule_GetDict(module.ptr());
    object states = new_dict();
    for (const char* name : kStates)
        if (object value = dict_get(known, str(name)); value.is_valid()) dict_set(states, str(name), value);
    change_type(module, &PyModule_Type);
    set(spec, "_initializing"_n, Py_True);
    call_method(get(spec, "loader"_n), "exec_module"_n, module);
    set(spec, "_initializing"_n, Py_False);
    check(PyDict_Update(known.ptr(), states.ptr()));
}

/// The module `pytest` has its names from a table.
object public_value(handle name) {
    handle table = room("public_names");
    return contains(get(table, "names"_n), name) ? call(get(table, "resolve"_n), name) : object();
}

object value_elsewhere(handle module_name, handle name) {
    try {
        return call(get(room("elsewhere"), "value"_n), module_name, name);
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_AttributeError)) throw;
        return {};
    }
}

struct Alias {
    const char *module, *name, *room;
};

/// Names that a facade module has from another namespace and that the engine looks up in it.
constexpr Alias kAliases[] = {
    {"_pytest._io", "TerminalWriter", "io_terminalwriter"},   {"_pytest.assertion.rewrite", "fnmatch_ex", "pathlib"},
    {"_pytest.cacheprovider", "resolve_from_str", "pathlib"}, {"_pytest.python", "import_path", "pathlib"},
    {"_pytest._io.terminalwriter", "wcswidth", "io_wcwidth"},
};

object aliased_value(std::string_view module, handle name) {
    for (const Alias& alias : kAliases)
        if (module == alias.module && PyUnicode_CompareWithASCIIString(name.ptr(), alias.name) == 0)
            return get(room(alias.room), name);
    return {};
}

object missing(handle module, const char* name) {
    PyErr_Format(PyExc_AttributeError, "module '%s' has no attribute '%s'", name_of(module).c_str(), name);
    return {};
}

/// Whether the file puts something of its own in the place of what the namespaces have.
bool has_own(std::string_view module, handle name) {
    std::string known = text(name);
    if (std::ranges::any_of(kFramed, [&](const Named& own) { return own.module == module && own.name == known; }))
        return true;
    return std::ranges::find(kWithOwnHooks, module) != std::end(kWithOwnHooks) && known.starts_with("pytest_");
}

bool comes_with_spec(handle name) {
    for (const char* known : {"__spec__", "__path__", "__file__", "__cached__", "__loader__", "__package__"})
        if (PyUnicode_CompareWithASCIIString(name.ptr(), known) == 0) return true;
    return false;
}

/// Only packages have a path; the import system asks for it at each `from module import name`.
object given_by_spec(handle module, handle name) {
    spec_of(module);
    object found = dict_get(PyModule_GetDict(module.ptr()), name);
    return found.is_valid() ? found : missing(module, "__path__");
}

bool is_facade(std::string_view module) {
    std::string_view top = module.substr(0, module.find('.'));
    return top == "_pytest" || top == "pytest" || top == "pluggy";
}

/// Imports inside its file come to the import hook, which looks things up.
bool is_being_executed(handle module) {
    if (!PyModule_Check(module.ptr())) return false;
    object spec = dict_get(PyModule_GetDict(module.ptr()), "__spec__"_n);
    object initializing = spec.is_valid() ? try_get(spec, "_initializing"_n) : object();
    return initializing.ptr() == Py_True;
}

bool is_special(handle name) { return text(name).starts_with("__"); }

PyObject* read(PyObject* self, PyObject* name) {
    return guard([&] {
        if (PyUnicode_CompareWithASCIIString(name, "__class__") == 0) return borrow(type_object(PyModule_Type));
        object module = borrow(self);
        for (const char* nowhere : kNowhere)
            if (PyUnicode_CompareWithASCIIString(name, nowhere) == 0) return missing(module, nowhere);
        if (comes_with_spec(name)) return given_by_spec(module, name);
        if (object known = untouched_value(module, name); known.is_valid()) return known;
        touch(module);
        return check(PyModule_Type.tp_getattro(self, name));
    });
}

int write(PyObject* self, PyObject* name, PyObject* value) {
    return guard_status([&] {
        object module = borrow(self);
        touch(module);
        check(PyModule_Type.tp_setattro(self, name, value));
    });
}

/// `type(module)(name)` makes an ordinary module.
PyObject* make_plain(PyTypeObject*, PyObject* args, PyObject* keywords) {
    return PyObject_Call(type_object(PyModule_Type).ptr(), args, keywords);
}

PyTypeObject* make_type() {
    PyType_Slot slots[] = {
        {Py_tp_new, reinterpret_cast<void*>(make_plain)},
        {Py_tp_getattro, reinterpret_cast<void*>(read)},
        {Py_tp_setattro, reinterpret_cast<void*>(write)},
        {0, nullptr},
    };
    PyType_Spec spec{"builtins.module", 0, 0, Py_TPFLAGS_DEFAULT, slots};
    object bases = tuple_of(type_object(PyModule_Type));
    return reinterpret_cast<PyTypeObject*>(check(PyType_FromSpecWithBases(&spec, bases.ptr())).release().ptr());
}

void add(handle modules, std::string_view name) {
    object key = str(name);
    object module = check(PyModule_NewObject(key.ptr()));
    change_type(module, g_untouched);
    dict_set(modules, key, module);
    std::size_t dot = name.rfind('.');
    if (dot == name.npos) return;
    object parent = dict_get(modules, str(name.substr(0, dot)));
    dict_set(PyModule_GetDict(parent.ptr()), str(name.substr(dot + 1)), module);
}

bool is_there(handle modules, const char* name) { return dict_get(modules, str(name)).is_valid(); }

void install(handle folder) {
    object modules = borrow(PyImport_GetModuleDict());
    if (!PyDict_CheckExact(modules.ptr())) return;
    if (std::ranges::any_of(kModules, [&](const char* name) { return is_there(modules, name); })) return;
    if (!g_untouched) g_untouched = make_type();
    if (!g_folder) g_folder = borrow(folder).release().ptr();
    for (const char* name : kModules) add(modules, name);
}

/// The same while the first of them is imported in the ordinary way, which begins with the two packages. Modules that
/// come later, when others have been taken out, are left to that way.
void install_others(handle folder) {
    object modules = borrow(PyImport_GetModuleDict());
    if (g_untouched || !PyDict_CheckExact(modules.ptr())) return;
    auto is_other = [](std::string_view name) { return name != "_pytest" && name != "pytest"; };
    if (!is_there(modules, "_pytest")) return;
    for (const char* name : kModules)
        if (is_other(name) && is_there(modules, name)) return;
    g_untouched = make_type();
    g_folder = borrow(folder).release().ptr();
    for (const char* name : kModules)
        if (is_other(name)) add(modules, name);
}

object hooks_for_tests(Args a) {
    object hooks = new_list();
    for (const auto& [name, function] : untouched_hooks(a[0])) append(hooks, tuple_of(name, function));
    return hooks;
}

object value_for_tests(Args a) {
    object found = untouched_value(a[0], a[1]);
    return found.is_valid() ? found : borrow(Py_Ellipsis);
}

}  // namespace

void define_facades(handle extension) {
    auto add_function = [&](const char* name, const char* signature, Body body) {
        set(extension, str(name), make_function(name, signature, body));
    };
    add_function("install_facades", "folder", [](Args a) {
        install(a[0]);
        return none();
    });
    add_function("install_other_facades", "folder", [](Args a) {
        install_others(a[0]);
        return none();
    });
    add_function("untouched_value", "module, name", value_for_tests);
    add_function("untouched_hooks", "module", hooks_for_tests);
    add_function("has_untouched_fixtures", "module", [](Args a) { return boolean(has_untouched_fixtures(a[0])); });
}

bool lists_lazy_names(handle module) {
    if (!PyModule_CheckExact(module.ptr())) return false;
    object lister = dict_get(PyModule_GetDict(module.ptr()), "__dir__"_n);
    return lister.is_valid() && is_native_function(lister);
}

object held_names(handle holder) {
    touch(holder);
    if (!lists_lazy_names(holder)) return check(PyObject_Dir(holder.ptr()));
    object names = to_list(borrow(PyModule_GetDict(holder.ptr())));
    check(PyList_Sort(names.ptr()));
    return names;
}

bool is_searched(std::string_view room) { return std::ranges::find(kAside, room) == std::end(kAside); }

bool is_untouched(handle module) { return g_untouched && Py_TYPE(module.ptr()) == g_untouched; }

object untouched_value(handle module, handle name) {
    handle known = PyModule_GetDict(module.ptr());
    object found = dict_get(known, name);
    if (found.is_valid() && (!is_none(found) || !is_special(name))) return found;
    if (is_special(name) && text(name) != "__version__") return {};
    found = facade_value(dict_get(known, "__name__"_n), name);
    if (found.is_valid()) dict_set(known, name, found);
    return found;
}

object facade_value(handle module_name, handle name) {
    std::string module = text(module_name);
    if (!is_facade(module) || has_own(module, name)) return {};
    object found = room_value(module, name);
    if (!found.is_valid()) found = aliased_value(module, name);
    if (!found.is_valid()) found = module == "pytest" ? public_value(name) : value_elsewhere(module_name, name);
    return found;
}

object untouched_specs(handle module) {
    handle known = PyModule_GetDict(module.ptr());
    object names = new_list();
    for (const auto& [name, function] : untouched_hooks(module)) {
        dict_set(known, name, function);
        append(names, name);
    }
    return names;
}

object member(handle module, handle name) {
    if (is_untouched(module))
        if (object value = untouched_value(module, name); value.is_valid()) return value;
    try {
        return get(module, name);
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_AttributeError) || !is_being_executed(module)) throw;
        object value = facade_value(dict_get(PyModule_GetDict(module.ptr()), "__name__"_n), name);
        if (!value.is_valid()) throw;
        return value;
    }
}

void set_state(handle module, handle name, handle value) {
    if (is_untouched(module))
        dict_set(PyModule_GetDict(module.ptr()), name, value);
    else
        set(module, name, value);
}

std::vector<std::pair<object, object>> untouched_hooks(handle module) {
    auto found = room_hooks(name_of(module));
    std::ranges::sort(found, {}, [](const auto& hook) { return text(hook.first); });
    return found;
}

bool has_untouched_fixtures(handle module) {
    return std::ranges::find(kWithFixtures, name_of(module)) != std::end(kWithFixtures);
}

}  // namespace fastest::py
