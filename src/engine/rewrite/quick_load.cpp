// What importlib does with the rewriting hook's spec of a test module, without importlib's Python code.
//
// Steps and orders: CPython's Lib/importlib/_bootstrap.py, `_find_and_load_unlocked`, `_load_unlocked` and
// `_init_module_attrs`; https://docs.python.org/3/reference/import.html#loading.

#include "engine/collect/quick_import.h"
#include "engine/hooks/tracing.h"
#include "engine/py/finally.h"
#include "engine/py/own_method.h"
#include "engine/rewrite/hook.h"
#include "engine/rewrite/module_lock.h"

namespace fastest::rewrite {
namespace {

using namespace py;

constexpr const char* kMethods[] = {
    "find_spec", "exec_module", "create_module", "_early_rewrite_bailout", "_should_rewrite", "_is_marked_for_rewrite",
    "_find_spec"};
OwnMethods<std::size(kMethods)> g_methods;  // constants

/// What all specs and cached paths have in common.
struct Forms {
    PyTypeObject* spec_type;
    PyObject* attributes;    // dict of a new spec
    std::string cache_tail;  // ".cpython-311.pyc"
};

const Forms& forms() {
    static const Forms known = [] {
        object type = lookup("_frozen_importlib", "ModuleSpec"_n);
        object spec = call(type, str("x"), Py_None), cached;
        object attributes = check(PyDict_Copy(get(spec, "__dict__"_n).ptr()));
        cached = call(lookup("_frozen_importlib_external", "cache_from_source"_n), str("x.py"));
        std::string path = text(cached);
        Forms made{reinterpret_cast<PyTypeObject*>(type.ptr()), attributes.ptr(), path.substr(path.rfind('/') + 2)};
        type.release();
        attributes.release();
        return made;
    }();
    return known;
}

std::string cached_path(const std::string& file) {
    std::size_t name = file.rfind('/') + 1;
    return file.substr(0, name) + "__pycache__/" + file.substr(name, file.size() - name - 3) + forms().cache_tail;
}

/// `spec_from_file_location(name, file, loader=hook)`, with `cached` already found.
object make_spec(handle hook, handle name, handle file, handle cached) {
    object no_args = tuple_of();
    object spec = check(PyBaseObject_Type.tp_new(forms().spec_type, no_args.ptr(), nullptr));
    auto value_of = [&](handle attribute, handle usual) -> object {
        if (equal(attribute, "name"_n)) return borrow(name);
        if (equal(attribute, "loader"_n)) return borrow(hook);
        if (equal(attribute, "origin"_n)) return borrow(file);
        if (equal(attribute, "_set_fileattr"_n)) return boolean(true);
        if (equal(attribute, "_cached"_n)) return borrow(cached);
        return PyList_CheckExact(usual.ptr()) ? to_list(usual) : borrow(usual);
    };
    PyObject *attribute, *usual;
    for (Py_ssize_t at = 0; PyDict_Next(forms().attributes, &at, &attribute, &usual);)
        set(spec, attribute, value_of(attribute, usual));
    return spec;
}

struct DottedName {
    explicit DottedName(handle name) {
        std::string whole = text(name);
        std::size_t dot = whole.rfind('.');
        parent = str(dot == std::string::npos ? "" : whole.substr(0, dot));
        last = str(dot == std::string::npos ? whole : whole.substr(dot + 1));
    }
    object parent, last;
};

object make_module(handle spec, handle package) {
    object module = check(PyModule_NewObject(get(spec, "name"_n).ptr()));
    set(module, "__loader__"_n, get(spec, "loader"_n));
    set(module, "__package__"_n, package);
    set(module, "__spec__"_n, spec);
    set(module, "__file__"_n, get(spec, "origin"_n));
    set(module, "__cached__"_n, get(spec, "_cached"_n));
    return module;
}

/// The list in the package's spec of modules that are being loaded; older versions of CPython have none.
object modules_in_work(handle parent) {
    object spec = parent.is_valid() ? get_or(parent, "__spec__"_n, Py_None) : none();
    object names = is_none(spec) ? object() : try_get(spec, "_uninitialized_submodules"_n);
    return names.is_valid() && PyList_CheckExact(names.ptr()) ? names : object();
}

/// With the module in `sys.modules` while its code runs, and afterwards if that went well. Gives what it raised, or
/// None if it went well but took the module out of there; null otherwise.
object run_module(handle hook, handle spec, handle module, handle path) {
    object modules = lookup("sys", "modules"_n), name = get(spec, "name"_n), failure;
    set(spec, "_initializing"_n, Py_True);
    set_item(modules, name, module);
    try {
        execute_module(hook, module, borrow(path));
        object final_module = call_method(modules, "pop"_n, name, Py_None);  // it may have put another one there
        if (is_none(final_module))
            failure = final_module;
        else
            set_item(modules, name, final_module);
    } catch (nb::python_error& error) {
        failure = borrow(error.value());
        if (error.traceback().is_valid()) set(failure, "__traceback__"_n, error.traceback());
        call_method(modules, "pop"_n, name, Py_None);
    }
    set(spec, "_initializing"_n, Py_False);
    return failure;
}

/// Raises it through importlib, as users see its frames; directly, when that would not come to this hook again.
void raise_through_importlib(handle hook, handle name, handle failure) {
    if (!collect::first_finder(name).is(hook)) raise_exception(failure);
    raise_at_next_load(hook, name, failure);
    finally([&] { call(lookup("importlib", "import_module"_n), name); },
            [&] { dict_remove(get(hook, "__dict__"_n), "_caught"_n); });
}

bool hook_would_rewrite(handle hook, handle name, handle file) {
    if (!g_methods.found_on(hook) || truth(get(hook, "_writing_pyc"_n))) return false;
    object key = facade("_pytest.assertion.rewrite", "assertstate_key"_n);
    object state = item(get(get(hook, "config"_n), "stash"_n), key);
    return hooks::traces_nothing(get(state, "trace"_n)) &&
           !truth(call_method(hook, "_early_rewrite_bailout"_n, name, state)) &&
           truth(call_method(hook, "_should_rewrite"_n, name, file, state));
}

object load(handle hook, handle name, handle path, handle file) {
    if (!hook_would_rewrite(hook, name, file) || !is_none(lookup("sys", "pycache_prefix"_n)) ||
        is_none(get(lookup("sys", "implementation"_n), "cache_tag"_n)))
        return {};
    DottedName dotted(name);
    object parent = truth(dotted.parent) ? dict_get(lookup("sys", "modules"_n), dotted.parent) : object();
    object in_work = modules_in_work(parent);
    object spec = make_spec(hook, name, file, str(cached_path(text(file))));
    object module = make_module(spec, dotted.parent);
    if (in_work.is_valid()) append(in_work, dotted.last);
    ModuleLock lock(name);
    object failure = run_module(hook, spec, module, path);
    lock.leave();
    if (in_work.is_valid()) call_method(in_work, "pop"_n);
    if (failure.is_valid()) {
        raise_through_importlib(hook, name, failure);
        return item(lookup("sys", "modules"_n), name);
    }
    module = item(lookup("sys", "modules"_n), name);
    if (parent.is_valid()) set(parent, dotted.last, module);
    return module;
}

}  // namespace

void define_quick_load(handle hook_class) {
    g_methods.remember(hook_class, kMethods);
    collect::loads_quickly(hook_class, &load);
}

}  // namespace fastest::rewrite
