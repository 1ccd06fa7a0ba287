#include "engine/py/object.h"

#include <cstring>
#include <unordered_map>
#include <vector>

#include "engine/py/facades.h"
#include "engine/py/light_import.h"

namespace fastest::py {

std::string text(handle unicode) {
    if (!PyUnicode_Check(unicode.ptr()))
        raise(PyExc_TypeError, cat("expected str, not ", Py_TYPE(unicode.ptr())->tp_name));
    Py_ssize_t size = 0;
    if (const char* data = PyUnicode_AsUTF8AndSize(unicode.ptr(), &size)) return {data, static_cast<size_t>(size)};
    PyErr_Clear();
    object bytes = check(PyUnicode_AsEncodedString(unicode.ptr(), "utf-8", "surrogatepass"));
    return {PyBytes_AS_STRING(bytes.ptr()), static_cast<size_t>(PyBytes_GET_SIZE(bytes.ptr()))};
}

namespace {

/// What `ABCMeta.__instancecheck__` does is to call this function of the interpreter's own.
struct AbstractCheck {
    AbstractCheck()
        : method(get(get(import_module("abc"), "ABCMeta"_n), "__instancecheck__"_n).release()),
          function(get(import_module("_abc"), "_abc_instancecheck"_n).release()) {}
    handle method, function;
};

}  // namespace

bool is_instance(handle value, handle type) {
    bool has_own_metaclass = PyType_Check(type.ptr()) && !PyType_CheckExact(type.ptr());
    if (has_own_metaclass && !type_of(value).is(type)) {
        static const AbstractCheck kAbstract;
        if (kAbstract.method.is(_PyType_Lookup(Py_TYPE(type.ptr()), "__instancecheck__"_n.ptr())))
            return truth(call(kAbstract.function, type, value));
    }
    int result = PyObject_IsInstance(value.ptr(), type.ptr());
    check(result);
    return result != 0;
}

void raise(handle type, std::string_view message) {
    object text = str(message);
    PyErr_SetObject(type.ptr(), text.ptr());
    throw nb::python_error();
}

void warn(handle category, std::string_view message) {
    check(PyErr_WarnFormat(category.ptr(), 1, "%U", str(message).ptr()));
}

void raise_exception(handle exception) {
    PyErr_SetObject(type_of(exception).ptr(), exception.ptr());
    throw nb::python_error();
}

void raise_from(handle exception, handle cause) {
    Py_XINCREF(cause.ptr());
    PyException_SetCause(exception.ptr(), is_none(cause) ? (Py_DECREF(Py_None), nullptr) : cause.ptr());
    set(exception, "__suppress_context__"_n, Py_True);
    raise_exception(exception);
}

object call_kw(handle function, std::initializer_list<handle> args, std::initializer_list<Keyword> keywords) {
    std::vector<PyObject*> values{nullptr};
    for (handle value : args) values.push_back(value.ptr());
    object names = check(PyTuple_New(static_cast<Py_ssize_t>(keywords.size())));
    Py_ssize_t at = 0;
    for (const Keyword& keyword : keywords) {
        Py_INCREF(keyword.name.ptr());
        PyTuple_SET_ITEM(names.ptr(), at++, keyword.name.ptr());
        values.push_back(keyword.value.ptr());
    }
    return check(PyObject_Vectorcall(function.ptr(), values.data() + 1, args.size() | PY_VECTORCALL_ARGUMENTS_OFFSET,
                                     at ? names.ptr() : nullptr));
}

object call_method_kw(handle target, handle name, std::initializer_list<handle> args,
                      std::initializer_list<Keyword> keywords) {
    return call_kw(get(target, name), args, keywords);
}

namespace {

/// Whether a module or class has no such attribute: asking Python costs the text of an error that nobody reads.
bool surely_absent(PyObject* target, PyObject* name) {
    if (PyModule_CheckExact(target)) {
        PyObject* names = PyModule_GetDict(target);
        return !_PyType_Lookup(Py_TYPE(target), name) && !dict_get(names, name).is_valid() &&
               !dict_get(names, "__getattr__"_n).is_valid();
    }
    return Py_IS_TYPE(target, &PyType_Type) && !_PyType_Lookup(reinterpret_cast<PyTypeObject*>(target), name) &&
           !_PyType_Lookup(&PyType_Type, name);
}

}  // namespace

object try_get(handle target, handle name) {
    if (surely_absent(target.ptr(), name.ptr())) return {};
    PyObject* found = nullptr;
    check(version::optional_attribute(target.ptr(), name.ptr(), &found));
    return steal(found);
}

bool dict_remove(handle dict, handle key) {
    if (PyDict_DelItem(dict.ptr(), key.ptr()) == 0) return true;
    if (!PyErr_ExceptionMatches(PyExc_KeyError)) throw nb::python_error();
    PyErr_Clear();
    return false;
}

object loaded_module(handle name) {
    PyObject* modules = PyImport_GetModuleDict();
    if (PyDict_CheckExact(modules)) return dict_get(modules, name);
    object found = steal(PyImport_GetModule(name.ptr()));
    if (!found.is_valid() && PyErr_Occurred()) throw nb::python_error();
    return found;
}

namespace {

/// The interned name of a module; the texts are literals, so that their addresses tell them apart.
handle module_name(const char* text) {
    static auto* const names = new std::unordered_map<const void*, PyObject*>;  // constants, kept for ever
    auto [place, added] = names->try_emplace(text, nullptr);
    if (added || PyUnicode_CompareWithASCIIString(place->second, text) != 0)
        place->second = PyUnicode_InternFromString(text);
    return place->second;
}

/// While it lives, `sys.meta_path` can import: when a test has left it without the finder of files, Python's own
/// finders stand in.
class Importers {
public:
    Importers() : left_(borrow(PySys_GetObject("meta_path"))) {
        object files = loaded_module("_frozen_importlib_external"_n), own = loaded_module("_frozen_importlib"_n);
        if (!left_.is_valid() || !PyList_Check(left_.ptr()) || !files.is_valid() || !own.is_valid()) return;
        object finder = get(files, "PathFinder"_n);
        if (contains(left_, finder)) return;
        put(list_of(get(own, "BuiltinImporter"_n), get(own, "FrozenImporter"_n), finder));
        replaced_ = true;
    }
    ~Importers() {
        if (replaced_ && PySys_SetObject("meta_path", left_.ptr()) < 0) PyErr_WriteUnraisable(nullptr);
    }
    Importers(const Importers&) = delete;
    Importers& operator=(const Importers&) = delete;

private:
    static void put(handle finders) {
        if (PySys_SetObject("meta_path", finders.ptr()) < 0) throw nb::python_error();
    }

    object left_;
    bool replaced_ = false;
};

}  // namespace

object import_module(handle name) {
    object found = loaded_module(name);
    if (found.is_valid() && !is_none(found)) return found;
    Importers importers;  // and not `builtins.__import__`, which tests replace, too
    object top = check(PyImport_ImportModuleLevelObject(name.ptr(), nullptr, nullptr, nullptr, 0));
    found = loaded_module(name);
    return found.is_valid() ? found : top;
}

object import_module(const char* literal) { return import_module(module_name(literal)); }

object import_as_importlib(handle name) {
    std::string dotted = text(name);
    if (!dotted.empty() && dotted.front() != '.') return import_module(name);
    return call(lookup("importlib", "import_module"_n), name);
}

namespace {

/// `pathlib` is the one the run began with, also after somebody took it out of sys.modules: paths made before and after
/// are of one class, and CPython 3.13 cannot import it twice.
handle path_module() {
    static PyObject* module = nullptr;  // no initialiser: importing lets other threads in
    if (!module) module = light_import("pathlib").release().ptr();
    return module;
}

}  // namespace

object lookup(const char* module, handle name) {
    if (std::strcmp(module, "pathlib") == 0) return get(path_module(), name);
    if (std::strcmp(module, "collections.abc") == 0)
        module = "_collections_abc";  // the same classes, without collections
    handle full_name = module_name(module);
    if (object found = loaded_module(full_name); found.is_valid() && !is_none(found)) return member(found, name);
    object value = facade_value(full_name, name);
    return value.is_valid() ? value : member(import_module(full_name), name);
}

object imported(const char* name) {
    object found = steal(PyImport_GetModule(str(name).ptr()));
    if (!found.is_valid() && PyErr_Occurred()) throw nb::python_error();
    return is_none(found) ? object() : found;
}

bool is_instance_if_imported(handle value, const char* module, handle name) {
    object found = imported(module);
    object type = found.is_valid() ? try_get(found, name) : object();
    return type.is_valid() && is_instance(value, type);
}

}  // namespace fastest::py
