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
    raise_exception(
        call(lookup("dataclasses", "FrozenInstanceError"_n), strcat("cannot assign to field ", repr_of(a[1]))));
}

object refuse_delete(Args a) {
    raise_exception(
        call(lookup("dataclasses", "FrozenInstanceError"_n), strcat("cannot delete field ", repr_of(a[1]))));
}

bool is_own_list(const Parameter& p) { return p.default_text == "[]"; }

object keywords_of_field(const Parameter& p) {
    object keywords = new_dict();
    if (is_own_list(p)) {
        dict_set(keywords, "init"_n, Py_False);
        dict_set(keywords, "default_factory"_n, type_object(PyList_Type));
    } else if (p.optional) {
        dict_set(keywords, "default"_n, p.default_value ? p.default_value : Py_None);
    }
    if (p.kind == ParameterKind::kKeywordOnly) dict_set(keywords, "kw_only"_n, Py_True);
    return keywords;
}

/// Closure: (fields, init, repr, eq, frozen). A throw-away dataclass of the same kind.
object make_similar(Args a) {
    auto part = [&](Py_ssize_t index) -> handle { return PyTuple_GET_ITEM(a.closure().ptr(), index); };
    Signature signature(text(part(0)));
    object specs = new_list(), field = lookup("dataclasses", "field"_n), no_arguments = check(PyTuple_New(0));
    for (const Parameter& p : signature.parameters()) {
        object spec = check(PyObject_Call(field.ptr(), no_arguments.ptr(), keywords_of_field(p).ptr()));
        append(specs, tuple_of(p.interned, type_object(PyBaseObject_Type), spec));
    }
    return call_kw(lookup("dataclasses", "make_dataclass"_n), {str("fields"), specs},
                   {{"init"_n, part(1)}, {"repr"_n, part(2)}, {"eq"_n, part(3)}, {"frozen"_n, part(4)}});
}

object make_fields(Args a) { return get(make_similar(a), "__dataclass_fields__"_n); }
object make_params(Args a) { return get(make_similar(a), "__dataclass_params__"_n); }

/// A non-data descriptor that calls its function for the class or an instance alike: `classmethod(property(...))` in
/// effect.
object lazy_class_attribute(handle getter) {
    static PyObject* type = nullptr;  // made once
    if (!type) {
        object body = new_dict();
        dict_set(body, "__get__"_n, make_function("__get__", "self, instance, owner=None", [](Args a) {
                     return call(get(a[0], "getter"_n));
                 }));
        dict_set(body, "__init__"_n, make_function("__init__", "self, getter", [](Args a) {
                     set(a[0], "getter"_n, a[1]);
                     return none();
                 }));
        type = call(type_object(PyType_Type), str("lazy_class_attribute"), check(PyTuple_New(0)), body).release().ptr();
    }
    return call(handle(type), getter);
}

}  // namespace

DataclassMethods dataclass_methods(std::string_view fields, std::string_view class_name, const char* module,
                                   DataclassOptions options) {
    Signature signature(fields);
    object names = new_list(), match = new_list(), defaults = new_dict();
    for (const Parameter& p : signature.parameters()) {
        append(names, p.interned);
        if (p.kind <= ParameterKind::kPositional && !is_own_list(p)) append(match, p.interned);
        if (p.default_value) dict_set(defaults, p.interned, p.default_value);
    }
    names = to_tuple(names);
    auto method = [&](const char* name, std::string text, Body body) {
        return make_function(std::make_shared<const FunctionSpec>(name, Signature(text), body, nullptr, std::string()),
                             names, module, cat(class_name, ".", name));
    };
    std::string init_text = "self";
    if (!fields.empty()) init_text += ", " + std::string(fields);
    object kind = tuple_of(str(fields), boolean(options.init), boolean(options.repr), boolean(options.eq),
                           boolean(options.frozen));
    object getter = make_function("__dataclass_fields__", "", make_fields, kind);
    object params = make_function("__dataclass_params__", "", make_params, kind);
    return {method("__init__", init_text, init),
            method("__repr__", "self", show),
            method("__eq__", "self, other", same),
            method("__hash__", "self", hash),
            method("__setattr__", "self, name, value", refuse_set),
            method("__delattr__", "self, name", refuse_delete),
            lazy_class_attribute(getter),
            lazy_class_attribute(params),
            defaults,
            to_tuple(match)};
}

}  // namespace fastest::py
