#include "engine/py/named_tuple.h"

#include "engine/py/error.h"
#include "engine/py/version.h"

namespace fastest::py {
namespace {

handle item_of(handle tuple, Py_ssize_t index) { return PyTuple_GET_ITEM(tuple.ptr(), index); }

/// Calls `take(name, value)` for each field that the tuple has.
template <class Take>
void each_field(handle self, Take take) {
    Py_ssize_t at = 0, count = PyTuple_GET_SIZE(self.ptr());
    for (object name : each(get(self, "_fields"_n))) {
        if (at == count) return;
        take(name, item_of(self, at++));
    }
}

object make_of_two(Args a) { return new_named_tuple(a[0], tuple_of(a[1], a[2])); }
object make_of_three(Args a) { return new_named_tuple(a[0], tuple_of(a[1], a[2], a[3])); }

object make_from_iterable(Args a) {
    object values = to_tuple(a[1]);
    Py_ssize_t wanted = length(get(a[0], "_fields"_n)), got = PyTuple_GET_SIZE(values.ptr());
    if (got != wanted) raise(PyExc_TypeError, cat("Expected ", wanted, " arguments, got ", got));
    return new_named_tuple(a[0], values);
}

object replace(Args a) {
    object values = new_list(), left = check(PyDict_Copy(a[1].ptr()));
    each_field(a[0], [&](handle name, handle value) {
        object given = dict_get(left, name);
        append(values, given.is_valid() ? handle(given) : value);
        dict_remove(left, name);
    });
    if (PyDict_GET_SIZE(left.ptr())) {
        handle type = version::kReplaceRaisesTypeError ? PyExc_TypeError : PyExc_ValueError;
        raise(type, cat("Got unexpected field names: ", repr_of(to_list(left))));
    }
    return call_method(type_of(a[0]), "_make"_n, values);
}

object as_dict(Args a) {
    object result = new_dict();
    each_field(a[0], [&](handle name, handle value) { dict_set(result, name, value); });
    return result;
}

object show(Args a) {
    std::string out;
    each_field(a[0],
               [&](handle name, handle value) { out += cat(out.empty() ? "" : ", ", name, "=", repr_of(value)); });
    return str(cat(get(type_of(a[0]), "__name__"_n), "(", out, ")"));
}

object new_arguments(Args a) { return check(PyTuple_GetSlice(a[0].ptr(), 0, PyTuple_GET_SIZE(a[0].ptr()))); }

}  // namespace

object new_named_tuple(handle type, handle values) {
    object arguments = tuple_of(to_tuple(values));
    return check(PyTuple_Type.tp_new(reinterpret_cast<PyTypeObject*>(type.ptr()), arguments.ptr(), nullptr));
}

ClassBuilder named_tuple_class(Module& module, std::string_view name, std::initializer_list<const char*> fields) {
    ClassBuilder builder = module.cls(name, {type_object(PyTuple_Type)});
    object getter = lookup("_collections", "_tuplegetter"_n), names = new_list();
    std::string signature = "_cls";
    Py_ssize_t at = 0;
    for (const char* field : fields) {
        signature += cat(", ", field);
        append(names, str(field));
        builder.attr(field, call(getter, integer(at), strcat("Alias for field number ", at)));
        ++at;
    }
    names = to_tuple(names);
    builder.slots({})
        .attr("_fields", names)
        .attr("_field_defaults", new_dict())
        .attr("__match_args__", names)
        .staticmethod("__new__", signature, fields.size() == 2 ? make_of_two : make_of_three)
        .classmethod("_make", "cls, iterable", make_from_iterable, "A tuple of the values that an iterable gives.")
        .def("_replace", "self, /, **kwds", replace, "The same with other values of some fields.")
        .def("_asdict", "self", as_dict, "A dict of the fields.")
        .def("__repr__", "self", show)
        .def("__getnewargs__", "self", new_arguments);
    return builder;
}

}  // namespace fastest::py
