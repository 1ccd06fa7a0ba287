// Expected sequences, mappings and numpy arrays.

#include "engine/py/recursion.h"
#include "engine/run/approx.h"

namespace fastest::run::approx {
namespace {

constexpr const char* kInit = "self, expected, rel, abs, nan_ok";

object quotient(handle left, handle right) { return check(PyNumber_TrueDivide(left.ptr(), right.ptr())); }
bool is_zero(handle value) { return truth(check(PyObject_RichCompare(value.ptr(), integer(0).ptr(), Py_EQ))); }
bool differs(handle left, handle right) { return truth(check(PyObject_RichCompare(left.ptr(), right.ptr(), Py_NE))); }
object expected_of(handle self) { return get(self, "expected"_n); }
object scalar_of(handle self, handle value) { return call_method(self, "_approx_scalar"_n, value); }

/// Notes how far an element is off, in relation to what was obtained.
void note(Differences& found, handle scalar, handle other) {
    object off = absolute(difference(get(scalar, "expected"_n), other));
    found.note_absolute(off);
    if (is_zero(other))
        found.note_infinite();
    else
        found.note_relative(quotient(off, absolute(other)));
}

// --- numpy ------------------------------------------------------------------------------------

object scalars_of_array(handle self) { return map_scalars(self, call_method(expected_of(self), "tolist"_n)); }

object nested(handle values, handle index) {
    object value = borrow(values);
    for (object i : each(index)) value = item(value, i);
    return value;
}

object indices(handle shape) {
    object ranges = new_list();
    for (object size : each(shape)) append(ranges, call(type_object(PyRange_Type), size));
    return call_ex(lookup("itertools", "product"_n), to_tuple(ranges));
}

object explain_array(Args a) {
    object expected = expected_of(a[0]), shape = get(expected, "shape"_n), scalars = scalars_of_array(a[0]);
    object other = as_array(a[1]);
    if (!other.is_valid()) assertion_failed();
    if (differs(shape, get(other, "shape"_n)))
        return list_of(str("Impossible to compare arrays with different shapes."),
                       strcat("Shapes: ", shape, " and ", get(other, "shape"_n)));
    Differences found;
    for (object index : each(indices(shape))) {
        object scalar = nested(scalars, index), value = nested(other, index);
        if (!differs(scalar, value)) continue;
        note(found, scalar, value);
        found.add(index);
    }
    return found.explain(
        static_cast<Py_ssize_t>(to_int(get(expected, "size"_n))), [&](handle index) { return nested(other, index); },
        [&](handle index) { return nested(scalars, index); });
}

object equals_array(Args a) {
    object module = import_module("numpy"), actual = borrow(a[1]);
    if (!truth(call_method(module, "isscalar"_n, actual))) {
        try {
            actual = call_method(module, "asarray"_n, actual);
        } catch (const nb::python_error& error) {
            if (!error.matches(PyExc_Exception)) throw;
            Handling handling(error);
            raise_from(call(PyExc_TypeError, strcat("cannot compare '", a[1], "' to numpy.ndarray")), borrow(error.value()));
        }
        if (!truth(call_method(module, "isscalar"_n, actual)) &&
            differs(get(actual, "shape"_n), get(expected_of(a[0]), "shape"_n)))
            return boolean(false);
    }
    return compare_all(a[0], actual);
}

Generator yield_array(OwnedArgs a) {
    object module = import_module("numpy"), expected = expected_of(a[0]), actual = borrow(a[1]);
    bool scalar = truth(call_method(module, "isscalar"_n, actual));
    object places = call_method(module, "ndindex"_n, get(expected, "shape"_n));
    for (object index : each(places)) {
        object left = actual;
        if (!scalar) left = unboxed(item(actual, index));
        object pair = tuple_of(left, unboxed(item(expected, index)));
        co_yield pair;
    }
    co_return none();
}

// --- mappings ---------------------------------------------------------------------------------

object init_mapping(Args a) {
    for (object pair : each(call_method(a[1], "items"_n)))
        if (object value = item(pair, integer(1)); is_nested_container(value))
            raise(PyExc_TypeError, cat("pytest.approx() does not support nested dictionaries: key=",
                                       repr_of(item(pair, integer(0))), " value=", repr_of(value),
                                       "\n  full mapping=", pretty(a[1])));
    fill(a[0], a[1], a[2], a[3], a[4]);
    return none();
}

object scalars_of_mapping(handle self) {
    object scalars = new_dict();
    for (object pair : each(call_method(expected_of(self), "items"_n)))
        dict_set(scalars, item(pair, integer(0)), scalar_of(self, item(pair, integer(1))));
    return scalars;
}

/// Here the relation is to what was expected.
void note_in_mapping(Differences& found, handle scalar, handle other) {
    object expected = get(scalar, "expected"_n);
    if (is_none(expected) || is_none(other)) return;
    try {
        object off = difference(expected, other);
        found.note_absolute(absolute(off));
        if (is_zero(expected))
            found.note_infinite();
        else
            found.note_relative(absolute(quotient(difference(expected, other), expected)));
    } catch (const nb::python_error& error) {
        if (!error.matches(PyExc_ZeroDivisionError)) throw;
    }
}

object explain_mapping(Args a) {
    object expected = expected_of(a[0]);
    handle other = a[1];
    if (length(expected) != length(other))
        return list_of(str("Impossible to compare mappings with different sizes."),
                       strcat("Lengths: ", length(expected), " and ", length(other)));
    object keys = call_method(expected, "keys"_n), other_keys = call_method(other, "keys"_n);
    if (differs(keys, other_keys))
        return list_of(str("comparison failed."),
                       strcat("Mappings has different keys: expected ", keys, " but got ", other_keys));
    object scalars = scalars_of_mapping(a[0]);
    Differences found;
    for (object key : each(to_list(scalars))) {
        object value = item(other, key), scalar = item(scalars, key);
        if (!differs(scalar, value)) continue;
        note_in_mapping(found, scalar, value);
        found.add(key);
    }
    return found.explain(
        length(scalars), [&](handle key) { return item(other, key); }, [&](handle key) { return item(scalars, key); });
}

object equals_mapping(Args a) {
    try {
        object keys = check(PySet_New(call_method(a[1], "keys"_n).ptr()));
        object expected = check(PySet_New(call_method(expected_of(a[0]), "keys"_n).ptr()));
        if (differs(keys, expected)) return boolean(false);
    } catch (const nb::python_error& error) {
        if (!error.matches(PyExc_AttributeError)) throw;
        return boolean(false);
    }
    return compare_all(a[0], a[1]);
}

Generator yield_mapping(OwnedArgs a) {
    object expected = expected_of(a[0]);
    for (object key : each(expected)) {
        object pair = tuple_of(item(a[1], key), item(expected, key));
        co_yield pair;
    }
    co_return none();
}

// --- sequences --------------------------------------------------------------------------------

object init_sequence(Args a) {
    Py_ssize_t index = 0;
    for (object value : each(a[1])) {
        if (is_nested_container(value))
            raise(PyExc_TypeError, cat("pytest.approx() does not support nested data structures: ", repr_of(value), " at index ",
                                       index, "\n  full sequence: ", pretty(a[1])));
        ++index;
    }
    fill(a[0], a[1], a[2], a[3], a[4]);
    return none();
}

object show_sequence(Args a) {
    object expected = expected_of(a[0]), scalars = new_list();
    for (object value : each(expected)) append(scalars, scalar_of(a[0], value));
    return strcat("approx(", repr_of(PyTuple_CheckExact(expected.ptr()) ? to_tuple(scalars) : scalars), ")");
}

object explain_sequence(Args a) {
    object expected = expected_of(a[0]);
    handle other = a[1];
    if (length(expected) != length(other))
        return list_of(str("Impossible to compare lists with different sizes."),
                       strcat("Lengths: ", length(expected), " and ", length(other)));
    object scalars = map_scalars(a[0], expected);
    Differences found;
    Py_ssize_t index = 0;
    for (object value : each(other)) {
        object scalar = item(scalars, integer(index));
        if (differs(scalar, value)) {
            try {
                note(found, scalar, value);
            } catch (const nb::python_error& error) {
                // A TypeError: not numbers, so there is no distance. Decimal's FloatOperation is one too, and is an error.
                if (!error.matches(PyExc_TypeError)) throw;
                if (imported("decimal").is_valid() && error.matches(lookup("decimal", "FloatOperation"_n))) throw;
            }
            found.add(integer(index));
        }
        ++index;
    }
    return found.explain(
        length(scalars), [&](handle i) { return item(other, i); }, [&](handle i) { return item(scalars, i); });
}

object equals_sequence(Args a) {
    Py_ssize_t size = PyObject_Size(a[1].ptr());
    if (size < 0) {
        if (!PyErr_ExceptionMatches(PyExc_TypeError)) throw nb::python_error();
        PyErr_Clear();
        return boolean(false);
    }
    if (size != length(expected_of(a[0]))) return boolean(false);
    return compare_all(a[0], a[1]);
}

object pairs(Args a) {
    return call_kw(lookup("builtins", "zip"_n), {a[1], expected_of(a[0])}, {{"strict"_n, Py_True}});
}

/// `function` on the leaves of sequences in sequences; lists and tuples keep their type.
object map_leaves(handle function, handle value) {
    Recursion level(" while looking through a sequence");
    bool plain = PyList_Check(value.ptr()) || PyTuple_Check(value.ptr());
    if (!plain && !is_sequence_like(value)) return call(function, value);
    object result = new_list();
    for (object element : each(value)) append(result, map_leaves(function, element));
    return plain && !PyList_CheckExact(value.ptr()) ? call(type_of(value), result) : result;
}

}  // namespace

object map_scalars(handle self, handle value) { return map_leaves(get(self, "_approx_scalar"_n), value); }

void define_containers(Module& m) {
    object base = m.get("Approx");
    m.def("_recursive_sequence_map", "f, x", [](Args a) { return map_leaves(a[0], a[1]); });
    m.cls("ApproxNumpy", {base})
        .doc("An expected numpy array.")
        .attr("__hash__", Py_None)
        .def("__repr__", "self", [](Args a) { return strcat("approx(", repr_of(scalars_of_array(a[0])), ")"); })
        .def("_repr_compare", "self, other_side", explain_array)
        .def("__eq__", "self, actual", equals_array)
        .generator("_yield_comparisons", "self, actual", yield_array)
        .make();
    m.cls("ApproxMapping", {base})
        .doc("An expected mapping with numbers as values.")
        .attr("__hash__", Py_None)
        .def("__init__", kInit, init_mapping)
        .def("__repr__", "self", [](Args a) { return strcat("approx(", repr_of(scalars_of_mapping(a[0])), ")"); })
        .def("_repr_compare", "self, other_side", explain_mapping)
        .def("__eq__", "self, actual", equals_mapping)
        .generator("_yield_comparisons", "self, actual", yield_mapping)
        .make();
    m.cls("ApproxSequenceLike", {base})
        .doc("An expected sequence of numbers.")
        .attr("__hash__", Py_None)
        .def("__init__", kInit, init_sequence)
        .def("__repr__", "self", show_sequence)
        .def("_repr_compare", "self, other_side", explain_sequence)
        .def("__eq__", "self, actual", equals_sequence)
        .def("_yield_comparisons", "self, actual", pairs)
        .make();
}

FASTEST_MODULE(approx, "_pytest.approx") {
    define_values(m);
    define_scalars(m);
    define_containers(m);
}

}  // namespace fastest::run::approx
