#include "engine/py/dataclass.h"

#include "engine/py/function.h"

namespace fastest::py {
namespace {

object values_of(handle self, handle names) {
    object values = new_list();
    for (object name : each(names)) append(values, get(self, name));
    return to_tuple(values);
}

/// Closure: names tuple. Arguments: self, then the fields.
object init(Args a) {
    handle self = a[0];
    Py_ssize_t count = PyTuple_GET_SIZE(a.closure().ptr());
    for (Py_ssize_t i = 0; i < count; ++i)
        if (handle value = a[static_cast<std::size_t>(i) + 1]; value.is_valid())
            set_raw(self, PyTuple_GET_ITEM(a.closure().ptr(), i), value);
    if (object after = try_get(self, "__post_init__"_n); after.is_valid()) call(after);
    return none();
}

object show(Args a) {
    std::string out = text(get(type_of(a[0]), "__qualname__"_n)) + "(";
    bool first = true;
    for (object name : each(a.closure())) {
        if (!first) out += ", ";
        first = false;
        out += cat(name, "=", repr_of(get(a[0], name)));
    }
    return str(out + ")");
}

object same(Args a) {
    if (Py_TYPE(a[0].ptr()) != Py_TYPE(a[1].ptr())) return borrow(Py_NotImplemented);
    return boolean(equal(values_of(a[0], a.closure()), values_of(a[1], a.closure())));
}

object hash(Args a) {
    Py_hash_t value = PyObject_Hash(values_of(a[0], a.closure()).ptr());
    if (value == -1) throw nb::python_error();
    return integer(value);
}

object refuse_set(Args a) {
    raise_exception(call(lookup("dataclasses", "FrozenInstanceError"_n), strcat("cannot assign to field ", repr_of(a[1]))));
}

object refuse_delete(Args a) {
    raise_exception(call(lookup("dataclasses", "FrozenInstanceError"_n), strcat("cannot delete field ", repr_of(a[1]))));
}

/// Closure: (names, defaults dict, frozen). Makes a throw-away dataclass with the same fields and gives its table.
object make_fields(Args a) {
    handle names = PyTuple_GET_ITEM(a.closure().ptr(), 0), defaults = PyTuple_GET_ITEM(a.closure().ptr(), 1);
    object field = lookup("dataclasses", "field"_n);
    object specs = new_list();
    for (object name : each(names)) {
        object value = dict_get(defaults, name);
        object spec = value.is_valid() ? call_kw(field, {}, {{"default"_n, value}}) : call(field);
        append(specs, tuple_of(name, type_object(PyBaseObject_Type), spec));
    }
    object made = call_kw(lookup("dataclasses", "make_dataclass"_n), {str("fields"), specs},
                          {{"frozen"_n, PyTuple_GET_ITEM(a.closure().ptr(), 2)}});
    return get(made, "__dataclass_fields__"_n);
}

/// A non-data descriptor that calls its function for the class or an instance alike: `classmethod(property(...))` in effect.
object lazy_class_attribute(handle getter) {
    static PyObject* type = nullptr;  // made once
    if (!type) {
        object body = new_dict();
        dict_set(body, "__get__"_n,
                 make_function("__get__", "self, instance, owner=None",
                               [](Args a) { return call(get(a[0], "getter"_n)); }));
        dict_set(body, "__init__"_n, make_function("__init__", "self, getter", [](Args a) {
                     set(a[0], "getter"_n, a[1]);
                     return none();
                 }));
        type = call(type_object(PyType_Type), str("lazy_class_attribute"), check(PyTuple_New(0)), body).release().ptr();
    }
    return call(handle(type), getter);
}

}  // namespace

DataclassMethods dataclass_methods(std::string_view fields, std::string_view class_name, const char* module, bool frozen) {
    Signature signature(fields);
    object names = new_list(), match = new_list(), defaults = new_dict();
    for (const Parameter& p : signature.parameters()) {
        append(names, p.interned);
        if (p.kind <= ParameterKind::kPositional) append(match, p.interned);
        if (p.optional) dict_set(defaults, p.interned, p.default_value ? p.default_value : Py_None);
    }
    names = to_tuple(names);
    auto method = [&](const char* name, std::string text, Body body) {
        return make_function(
            std::make_shared<const FunctionSpec>(name, Signature(text), body, nullptr, std::string()), names, module,
            cat(class_name, ".", name));
    };
    std::string init_text = "self";
    if (!fields.empty()) init_text += ", " + std::string(fields);
    object getter = make_function("__dataclass_fields__", "", make_fields,
                                  tuple_of(names, defaults, boolean(frozen)));
    return {method("__init__", init_text, init),
            method("__repr__", "self", show),
            method("__eq__", "self, other", same),
            method("__hash__", "self", hash),
            method("__setattr__", "self, name, value", refuse_set),
            method("__delattr__", "self, name", refuse_delete),
            lazy_class_attribute(getter),
            to_tuple(match)};
}

}  // namespace fastest::py
