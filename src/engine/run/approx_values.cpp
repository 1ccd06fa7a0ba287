#include <cmath>

#include "engine/run/approx.h"

namespace fastest::run::approx {
namespace {

object unpack(Args a) { return unboxed(a[0]); }

}  // namespace

bool is_plain_number(handle value) {
    return PyFloat_CheckExact(value.ptr()) || PyLong_CheckExact(value.ptr()) || PyBool_Check(value.ptr()) ||
           PyComplex_CheckExact(value.ptr());
}

bool is_decimal(handle value) {
    return !is_plain_number(value) && is_instance_if_imported(value, "decimal", "Decimal"_n);
}

bool is_date_or_delta(handle value) {
    return !is_plain_number(value) && (is_instance_if_imported(value, "datetime", "datetime"_n) ||
                                       is_instance_if_imported(value, "datetime", "timedelta"_n));
}

object numpy() { return imported("numpy"); }

bool is_bool(handle value) {
    if (PyBool_Check(value.ptr())) return true;
    if (is_plain_number(value)) return false;
    object module = numpy();
    return module.is_valid() && is_instance(value, get(module, "bool_"_n));
}

bool is_complex(handle value) {
    if (is_plain_number(value) || PyFloat_Check(value.ptr()) || PyLong_Check(value.ptr()) || PyComplex_Check(value.ptr()))
        return true;
    return is_instance_if_imported(value, "numbers", "Complex"_n);
}

bool is_nan(handle value) {
    if (is_decimal(value)) return truth(call_method(value, "is_nan"_n));
    return std::isnan(to_double(value));
}

bool is_inf(handle value) {
    if (is_decimal(value)) return truth(call_method(value, "is_infinite"_n));
    return std::isinf(to_double(value));
}

bool is_text(handle value) { return PyUnicode_Check(value.ptr()) || PyBytes_Check(value.ptr()); }

bool is_collection(handle value) {
    return !is_plain_number(value) && is_instance(value, known<"collections.abc", "Collection">());
}

bool is_mapping(handle value) {
    return PyDict_Check(value.ptr()) || (!is_plain_number(value) && is_instance(value, known<"collections.abc", "Mapping">()));
}

bool is_sequence_like(handle value) {
    if (is_plain_number(value) || is_text(value)) return false;
    return has(value, "__getitem__"_n) && is_instance(value, known<"collections.abc", "Sized">());
}

bool is_nested_container(handle value) {
    return is_collection(value) && !is_text(value) && !PyByteArray_Check(value.ptr());
}

object as_array(handle value) {
    if (is_plain_number(value)) return {};
    object module = numpy();
    if (!module.is_valid() || truth(call_method(module, "isscalar"_n, value))) return {};
    if (is_instance(value, get(module, "ndarray"_n))) return borrow(value);
    if (has(value, "__array__"_n) || has(value, "__array_interface__"_n)) return call_method(module, "asarray"_n, value);
    return {};
}

object unboxed(handle value) {
    object item = get_or(value, "item"_n, Py_None);
    return is_none(item) ? borrow(value) : call(item);
}

object absolute(handle value) { return check(PyNumber_Absolute(value.ptr())); }
object difference(handle left, handle right) { return check(PyNumber_Subtract(left.ptr(), right.ptr())); }

bool less(handle left, handle right) {
    return truth(check(PyObject_RichCompare(left.ptr(), right.ptr(), Py_LT)));
}

object greater_of(handle left, handle right) {
    bool right_is = truth(check(PyObject_RichCompare(right.ptr(), left.ptr(), Py_GT)));
    return borrow(right_is ? right : left);
}

std::string pretty(handle value) { return text(call(lookup("pprint", "pformat"_n), value)); }

// --- differences ------------------------------------------------------------------------------

void Differences::note_absolute(handle value) {
    absolute_ = absolute_.is_valid() ? greater_of(absolute_, value) : borrow(value);
}

void Differences::note_relative(handle value) {
    relative_ = relative_.is_valid() ? greater_of(relative_, value) : borrow(value);
}

object Differences::table(Py_ssize_t elements, const std::vector<Row>& rows) const {
    auto width = [](const std::string& text) { return PyUnicode_GET_LENGTH(str(text).ptr()); };
    Py_ssize_t widest[3] = {0, 0, 0};
    for (const Row& row : rows) {
        widest[0] = std::max(widest[0], width(row.index));
        widest[1] = std::max(widest[1], width(row.obtained));
        widest[2] = std::max(widest[2], width(row.expected));
    }
    auto padded = [&](const std::string& text, int column) {
        return text + std::string(static_cast<std::size_t>(widest[column] - width(text)), ' ');
    };
    object infinity = real(HUGE_VAL), nothing = real(-HUGE_VAL);
    handle relative = infinite_ ? handle(infinity) : relative_.is_valid() ? handle(relative_) : handle(nothing);
    handle absolute = absolute_.is_valid() ? handle(absolute_) : handle(nothing);
    object lines = list_of(
        strcat("comparison failed. Mismatched elements: ", PyList_GET_SIZE(indices_.ptr()), " / ", elements, ":"),
        strcat("Max absolute difference: ", absolute), strcat("Max relative difference: ", relative));
    for (const Row& row : rows)
        append(lines, str(padded(row.index, 0) + " | " + padded(row.obtained, 1) + " | " + padded(row.expected, 2)));
    return lines;
}

void define_values(Module& m) {
    m.def("_is_sequence_like", "expected", [](Args a) { return boolean(is_sequence_like(a[0])); });
    m.def("_is_nested_container", "value", [](Args a) { return boolean(is_nested_container(a[0])); });
    m.def("_as_numpy_array", "obj", [](Args a) {
        object array = as_array(a[0]);
        return array.is_valid() ? array : none();
    });
    m.def("_unbox_numpy_scalar", "value", unpack);
    m.def("_is_bool", "val", [](Args a) { return boolean(is_bool(a[0])); });
    m.def("_is_nan", "val", [](Args a) { return boolean(is_nan(a[0])); });
    m.def("_is_inf", "val", [](Args a) { return boolean(is_inf(a[0])); });
}

}  // namespace fastest::run::approx
