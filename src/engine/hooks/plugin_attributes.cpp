#include "engine/hooks/plugin_attributes.h"

#include "engine/py/module.h"

namespace fastest::hooks {

using namespace py::literals;

namespace {

/// The instance's own `__dict__`, past any override of it in its class. Null when it has none.
object own_dict(handle owner) {
    if (PyModule_Check(owner.ptr())) return py::borrow(PyModule_GetDict(owner.ptr()));
    object found = py::steal(PyObject_GenericGetDict(owner.ptr(), nullptr));
    if (!found.is_valid()) PyErr_Clear();
    return found;
}

object in_mro(PyTypeObject* type, handle name) {
    PyObject* mro = type->tp_mro;
    if (!mro) return object();
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(mro); ++i) {
        PyObject* base = PyTuple_GET_ITEM(mro, i);
        if (!PyType_Check(base)) continue;
        handle dict = reinterpret_cast<PyTypeObject*>(base)->tp_dict;
        if (!dict.ptr()) continue;
        if (object found = py::dict_get(dict, name); found.is_valid()) return found;
    }
    return object();
}

bool is_slot(handle value) { return Py_TYPE(value.ptr()) == &PyMemberDescr_Type; }

bool is_function(handle value) { return PyFunction_Check(value.ptr()) || py::is_native_function(value); }

HookFunction stored_function(handle value) {
    if (is_function(value)) return {py::borrow(value), py::borrow(value)};
    if (PyMethod_Check(value.ptr())) return {py::borrow(PyMethod_GET_FUNCTION(value.ptr())), py::borrow(value)};
    return {};
}

}  // namespace

object static_attribute(handle owner, handle name) {
    if (PyType_Check(owner.ptr())) {
        object found = in_mro(reinterpret_cast<PyTypeObject*>(owner.ptr()), name);
        return found.is_valid() ? found : in_mro(Py_TYPE(owner.ptr()), name);
    }
    object on_class = in_mro(Py_TYPE(owner.ptr()), name);
    if (on_class.is_valid() && Py_TYPE(on_class.ptr())->tp_descr_set) return on_class;
    if (object dict = own_dict(owner); dict.is_valid())
        if (object found = py::dict_get(dict, name); found.is_valid()) return found;
    return on_class;
}

HookFunction hook_function(handle owner, handle name) {
    object raw = static_attribute(owner, name);
    if (!raw.is_valid()) return {};
    if (is_slot(raw) && !PyType_Check(owner.ptr())) {
        object value = py::try_get(owner, name);
        return value.is_valid() ? stored_function(value) : HookFunction{};
    }
    bool wrapped = PyObject_TypeCheck(raw.ptr(), &PyClassMethod_Type) || PyObject_TypeCheck(raw.ptr(), &PyStaticMethod_Type);
    if (!wrapped && !is_function(raw)) return stored_function(raw);
    if (PyModule_Check(owner.ptr())) return {raw, raw};
    return {raw, py::get(owner, name)};
}

object marker_options(handle marked, handle attribute) {
    object options = py::get_or(marked, attribute, Py_None);
    if (py::is_none(options)) {
        object inner = py::get_or(marked, "__func__"_n, Py_None);
        if (!py::is_none(inner)) options = py::get_or(inner, attribute, Py_None);
    }
    return PyDict_Check(options.ptr()) ? options : object();
}

}  // namespace fastest::hooks
