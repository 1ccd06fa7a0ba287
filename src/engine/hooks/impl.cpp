#include "engine/hooks/impl.h"

#include "engine/hooks/plugin_attributes.h"
#include "engine/py/module.h"

namespace fastest::hooks {

using namespace py::literals;

namespace {

object as_tuple(handle value) { return py::to_tuple(value); }

object as_dict(handle value) {
    if (PyDict_Check(value.ptr())) return py::borrow(value);
    if (py::is_none(value)) return py::new_dict();
    return py::call(py::type_object(PyDict_Type), value);
}

PyGetSetDef kImplFields[] = {
    py::kept_field<Impl, &Impl::function>("function"),
    py::kept_field<Impl, &Impl::argnames, as_tuple>("argnames"),
    py::kept_field<Impl, &Impl::kwargnames, as_tuple>("kwargnames"),
    py::kept_field<Impl, &Impl::plugin>("plugin"),
    py::kept_field<Impl, &Impl::opts>("opts"),
    py::kept_field<Impl, &Impl::plugin_name>("plugin_name"),
    {nullptr, nullptr, nullptr, nullptr, nullptr},
};

PyMemberDef kImplFlags[] = {
    {"wrapper", T_BOOL, offsetof(Impl, wrapper), 0, nullptr},
    {"hookwrapper", T_BOOL, offsetof(Impl, hookwrapper), 0, nullptr},
    {"optionalhook", T_BOOL, offsetof(Impl, optionalhook), 0, nullptr},
    {"tryfirst", T_BOOL, offsetof(Impl, tryfirst), 0, nullptr},
    {"trylast", T_BOOL, offsetof(Impl, trylast), 0, nullptr},
    {nullptr, 0, 0, 0, nullptr},
};

PyGetSetDef kSpecFields[] = {
    py::kept_field<Spec, &Spec::namespace_>("namespace"),
    py::kept_field<Spec, &Spec::function>("function"),
    py::kept_field<Spec, &Spec::name>("name"),
    py::kept_field<Spec, &Spec::argnames, as_tuple>("argnames"),
    py::kept_field<Spec, &Spec::kwargnames, as_tuple>("kwargnames"),
    py::kept_field<Spec, &Spec::kwargdefaults, as_dict>("kwargdefaults"),
    py::kept_field<Spec, &Spec::opts>("opts"),
    py::kept_field<Spec, &Spec::warn_on_impl>("warn_on_impl"),
    py::kept_field<Spec, &Spec::warn_on_impl_args>("warn_on_impl_args"),
    {nullptr, nullptr, nullptr, nullptr, nullptr},
};

/// Native code may meet a record before `__init__` has filled it.
PyObject* new_impl(PyTypeObject* type, PyObject*, PyObject*) {
    return py::guard([&] {
        object self = py::check(type->tp_alloc(type, 0));
        Impl* impl = py::as_record<Impl>(self);
        for (auto field : Impl::refs()) py::store(impl->*field, Py_None);
        for (auto field : {&Impl::argnames, &Impl::kwargnames}) py::store(impl->*field, py::tuple_of());
        return self;
    });
}

PyObject* new_spec(PyTypeObject* type, PyObject*, PyObject*) {
    return py::guard([&] {
        object self = py::check(type->tp_alloc(type, 0));
        Spec* spec = py::as_record<Spec>(self);
        for (auto field : Spec::refs()) py::store(spec->*field, Py_None);
        for (auto field : {&Spec::argnames, &Spec::kwargnames}) py::store(spec->*field, py::tuple_of());
        for (auto field : {&Spec::kwargdefaults, &Spec::opts}) py::store(spec->*field, py::new_dict());
        py::store(spec->complete, handle());
        return self;
    });
}

object initialise_impl(py::Args a) {
    Impl* self = as_impl(a[0]);
    handle opts = a[4];
    VarNames names = varnames(a[3]);
    py::store(self->plugin, a[1]);
    py::store(self->plugin_name, a[2]);
    py::store(self->function, a[3]);
    py::store(self->argnames, names.required);
    py::store(self->kwargnames, names.optional);
    py::store(self->opts, opts);
    self->wrapper = py::truth(py::item(opts, "wrapper"_n));
    self->hookwrapper = py::truth(py::item(opts, "hookwrapper"_n));
    self->optionalhook = py::truth(py::item(opts, "optionalhook"_n));
    self->tryfirst = py::truth(py::item(opts, "tryfirst"_n));
    self->trylast = py::truth(py::item(opts, "trylast"_n));
    return py::none();
}

object impl_repr(py::Args a) {
    return py::strcat("<HookImpl plugin_name=", py::repr_of(py::get(a[0], "plugin_name"_n)),
                      ", plugin=", py::repr_of(py::get(a[0], "plugin"_n)), ">");
}

/// The values of the parameters that have defaults, by name.
object default_values(handle function, handle names) {
    object table = py::new_dict();
    if (!py::length(names)) return table;
    object signature = py::call(py::lookup("inspect", "signature"_n), function);
    object parameters = py::get(signature, "parameters"_n);
    for (object name : py::each(names)) py::dict_set(table, name, py::get(py::item(parameters, name), "default"_n));
    return table;
}

object initialise_spec(py::Args a) {
    Spec* self = as_spec(a[0]);
    handle opts = a[3];
    object function = py::get(a[1], a[2]);
    object raw = static_attribute(a[1], a[2]);
    bool is_static = raw.is_valid() && PyObject_TypeCheck(raw.ptr(), &PyStaticMethod_Type);
    VarNames names = varnames(function, !is_static);
    py::store(self->namespace_, a[1]);
    py::store(self->name, a[2]);
    py::store(self->opts, opts);
    py::store(self->function, function);
    py::store(self->argnames, names.required);
    py::store(self->kwargnames, names.optional);
    py::store(self->kwargdefaults, default_values(function, names.optional));
    py::store(self->warn_on_impl, py::call_method(opts, "get"_n, "warn_on_impl"_n));
    py::store(self->warn_on_impl_args, py::call_method(opts, "get"_n, "warn_on_impl_args"_n));
    return py::none();
}

template <class T>
T* record_or_raise(handle value, PyTypeObject* type, const char* what) {
    if (!PyObject_TypeCheck(value.ptr(), type))
        py::raise(PyExc_TypeError, py::cat("expected a ", what, ", not ", Py_TYPE(value.ptr())->tp_name));
    return py::as_record<T>(value);
}

}  // namespace

PyTypeObject* impl_type() {
    static PyTypeObject* type =
        py::make_record<Impl>("pluggy._impl.HookImpl", kImplFlags,
                              {{Py_tp_new, reinterpret_cast<void*>(new_impl)}, {Py_tp_getset, kImplFields}});
    return type;
}

PyTypeObject* spec_type() {
    static PyTypeObject* type =
        py::make_record<Spec>("pluggy._decorators.HookSpec", nullptr,
                              {{Py_tp_new, reinterpret_cast<void*>(new_spec)}, {Py_tp_getset, kSpecFields}});
    return type;
}

Impl* as_impl(handle value) { return record_or_raise<Impl>(value, impl_type(), "HookImpl"); }
Spec* as_spec(handle value) { return record_or_raise<Spec>(value, spec_type(), "HookSpec"); }

object make_impl(handle plugin, handle plugin_name, handle function, handle opts) {
    return py::call(py::global<"pluggy_impl", "HookImpl">(), plugin, plugin_name, function, opts);
}

void normalize_hookimpl_opts(handle opts) {
    for (handle name : {"tryfirst"_n, "trylast"_n, "wrapper"_n, "hookwrapper"_n, "optionalhook"_n})
        py::call_method(opts, "setdefault"_n, name, handle(Py_False));
    py::call_method(opts, "setdefault"_n, "specname"_n, handle(Py_None));
}

FASTEST_MODULE(pluggy_impl, "pluggy._impl") {
    m.extend("HookImpl", reinterpret_cast<PyObject*>(impl_type()))
        .def("__init__", "self, plugin, plugin_name, function, hook_impl_opts", &initialise_impl)
        .def("__repr__", "self", &impl_repr)
        .doc("An implementation of a hook by a plugin.")
        .make();
}

FASTEST_MODULE(pluggy_spec, "pluggy._decorators") {
    m.extend("HookSpec", reinterpret_cast<PyObject*>(spec_type()))
        .def("__init__", "self, namespace, name, opts", &initialise_spec)
        .make();
}

FASTEST_MODULE(pluggy_config, "pluggy._config") {
    m.def("normalize_hookimpl_opts", "opts", [](py::Args a) -> object {
        normalize_hookimpl_opts(a[0]);
        return py::none();
    });
}

}  // namespace fastest::hooks
