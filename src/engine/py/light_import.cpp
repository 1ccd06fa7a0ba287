#include "engine/py/light_import.h"

#include <vector>

#include "engine/py/error.h"
#include "engine/py/function.h"
#include "engine/py/functools.h"

namespace fastest::py {

namespace {

constexpr const char* kStoodFor[] = {"fnmatch", "functools", "ntpath", "operator", "re", "urllib.parse"};

PyTypeObject* g_stand_in = nullptr;  // the type of stand-ins, a constant of the process

handle table_of(handle module) { return PyModule_GetDict(module.ptr()); }

/// What a stand-in stands for, imported now.
object real_module(handle stand_in) {
    object found = dict_get(table_of(stand_in), "real module"_n);
    if (found.is_valid()) return found;
    object name = dict_get(table_of(stand_in), "__name__"_n);
    object modules = borrow(PyImport_GetModuleDict());
    if (dict_get(modules, name).is(stand_in)) dict_remove(modules, name);
    found = import_module(name);
    dict_set(table_of(stand_in), "real module"_n, found);
    return found;
}

PyObject* read(PyObject* self, PyObject* name) {
    return guard([&]() -> object {
        object stand_in = borrow(self);
        if (PyUnicode_CompareWithASCIIString(name, "__class__") == 0) return borrow(type_object(PyModule_Type));
        bool bare = !dict_get(table_of(stand_in), "real module"_n).is_valid();
        if (bare && PyUnicode_CompareWithASCIIString(name, "__spec__") == 0) return none();  // asked by each import
        if (bare && PyUnicode_CompareWithASCIIString(name, "__path__") == 0) {
            PyErr_SetString(PyExc_AttributeError, "__path__");
            return {};
        }
        object given = dict_get(table_of(stand_in), "given"_n);
        if (object value = dict_get(given, name); value.is_valid()) return value;
        return get(real_module(stand_in), name);
    });
}

int write(PyObject* self, PyObject* name, PyObject* value) {
    return guard_status([&] {
        dict_remove(dict_get(table_of(self), "given"_n), name);
        check(PyObject_SetAttr(real_module(self).ptr(), name, value));
    });
}

PyTypeObject* stand_in_type() {
    if (g_stand_in) return g_stand_in;
    PyType_Slot slots[] = {
        {Py_tp_getattro, reinterpret_cast<void*>(read)},
        {Py_tp_setattro, reinterpret_cast<void*>(write)},
        {0, nullptr},
    };
    PyType_Spec spec{"builtins.module", 0, 0, Py_TPFLAGS_DEFAULT, slots};
    object bases = tuple_of(type_object(PyModule_Type));
    g_stand_in = reinterpret_cast<PyTypeObject*>(check(PyType_FromSpecWithBases(&spec, bases.ptr())).release().ptr());
    return g_stand_in;
}

object decorate(Args a) { return lru_cache(a[0], a.closure()); }

/// maxsize=128, typed=False
object lru_cache_factory(Args a) {
    if (!PyLong_CheckExact(a[0].ptr()) || truth(a[1])) return call(lookup("functools", "lru_cache"_n), a[0], a[1]);
    return make_function("decorating_function", "user_function", decorate, a[0]);
}

object quote_from_bytes(Args a) { return call(lookup("urllib.parse", "quote_from_bytes"_n), a[0], a[1]); }

/// What a stand-in has without importing anything: the native things that the module only repeats.
object given_by(std::string_view name) {
    object given = new_dict();
    if (name == "functools") {
        dict_set(given, "reduce"_n, lookup("_functools", "reduce"_n));
        dict_set(given, "lru_cache"_n, make_function("lru_cache", "maxsize=128, typed=False", lru_cache_factory));
    } else if (name == "operator") {
        for (handle function : {"attrgetter"_n, "or_"_n}) dict_set(given, function, lookup("_operator", function));
    } else if (name == "urllib.parse") {
        dict_set(given, "quote_from_bytes"_n, make_function("quote_from_bytes", "bs, safe='/'", quote_from_bytes));
    }
    return given;
}

object make_stand_in(handle name) {
    object module = check(PyModule_NewObject(name.ptr()));
    PyTypeObject* type = stand_in_type();
    Py_INCREF(type);  // owned by its instance; the static type before was not
    Py_SET_TYPE(module.ptr(), type);
    dict_set(table_of(module), "given"_n, given_by(text(name)));
    return module;
}

/// While it lives, modules that were not imported yet have their stand-ins in `sys.modules`.
class StandIns {
public:
    StandIns() : modules_(borrow(PyImport_GetModuleDict())) {
        if (!PyDict_CheckExact(modules_.ptr())) return;
        for (const char* text : kStoodFor) {
            object name = str(text);
            if (dict_get(modules_, name).is_valid()) continue;
            object module = make_stand_in(name);
            dict_set(modules_, name, module);
            made_.push_back({name, module});
        }
    }
    ~StandIns() {
        for (const auto& [name, module] : made_)
            if (handle held = PyDict_GetItem(modules_.ptr(), name.ptr()); held.ptr() == module.ptr())
                PyDict_DelItem(modules_.ptr(), name.ptr());
    }
    StandIns(const StandIns&) = delete;
    StandIns& operator=(const StandIns&) = delete;

private:
    struct Made {
        object name, module;
    };
    object modules_;
    std::vector<Made> made_;
};

}  // namespace

object light_import(const char* name) {
    object found = dict_get(PyImport_GetModuleDict(), str(name));
    if (found.is_valid()) return import_module(name);
    StandIns stand_ins;
    return import_module(name);
}

}  // namespace fastest::py
