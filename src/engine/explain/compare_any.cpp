// The choice of the comparison and objects with fields: `_pytest.assertion._compare_any`.

#include "engine/explain/compare.h"
#include "engine/py/module.h"

namespace fastest::explain {

using py::Generator;
using py::handle;
using py::object;
using py::OwnedArgs;
using namespace py::literals;

namespace {

const char* kModule = "_pytest.assertion._compare_any";
const char* kIndent = "  ";

bool is_text(handle value) { return py::truth(py::call(py::facade(kModule, "istext"_n), value)); }

object approx_class() { return py::facade("_pytest.approx", "Approx"_n); }

bool has_fields(handle value) { return is_dataclass_like(value) || is_attrs(value) || is_namedtuple(value); }

/// The lines that say what differs, for objects that are not both texts.
object details(const OwnedArgs& a) {
    handle left = a[0], right = a[1];
    object approx = approx_class();
    if (py::is_instance(right, approx)) return py::call_method(right, "_repr_compare"_n, left);
    if (py::is_instance(left, approx)) return py::call_method(left, "_repr_compare"_n, right);
    if (Py_TYPE(left.ptr()) == Py_TYPE(right.ptr()) && has_fields(left))
        return lines(&compare_fields, left, right, a[2], a[3], a[4]);
    if (is_sequence(left) && is_sequence(right)) return lines(&compare_sequences, left, right, a[2], a[3]);
    if (is_set(left) && is_set(right)) return lines(&compare_sets, left, right, a[2], a[3]);
    if (is_mapping(left) && is_mapping(right)) return lines(&compare_mappings, left, right, a[2], a[3], a[5]);
    return py::new_list();
}

object compared_fields(handle value) {
    object names = py::new_list();
    if (is_dataclass_like(value)) {
        for (object field : py::each(py::call(py::lookup("dataclasses", "fields"_n), value)))
            if (py::truth(py::get(field, "compare"_n))) py::append(names, py::get(field, "name"_n));
    } else if (is_attrs(value)) {
        for (object field : py::each(py::get(value, "__attrs_attrs__"_n)))
            if (py::truth(py::get(field, "eq"_n))) py::append(names, py::get(field, "name"_n));
    } else {
        return py::get(value, "_fields"_n);
    }
    return names;
}

object pretty(handle highlighter, handle names) {
    return highlighted_lines(highlighter, py::call(py::lookup("pprint", "pformat"_n), names));
}

}  // namespace

Generator compare_any(OwnedArgs a) {
    if (is_text(a[0]) && is_text(a[1])) {
        for (object line : py::each(lines(&compare_texts, a[0], a[1], a[2], a[3], a[4], a[5]))) co_yield line;
        co_return py::none();
    }
    for (object line : py::each(details(a))) co_yield line;
    if (is_iterable(a[0]) && is_iterable(a[1]))
        for (object line : py::each(lines(&compare_iterables, a[0], a[1], a[2], a[3], a[5]))) co_yield line;
    co_return py::none();
}

Generator compare_fields(OwnedArgs a) {
    object left = py::borrow(a[0]), right = py::borrow(a[1]), highlighter = py::borrow(a[2]);
    if (!has_default_eq(left)) co_return py::none();
    object same = py::new_list(), different = py::new_list();
    for (object name : py::each(compared_fields(left))) {
        object equal = py::check(PyObject_RichCompare(py::get(left, name).ptr(), py::get(right, name).ptr(), Py_EQ));
        py::append(py::truth(equal) ? same : different, name);
    }
    Py_ssize_t same_count = py::length(same), different_count = py::length(different);
    if (same_count || different_count) co_yield py::str("");
    if (same_count && py::to_int(a[3]) < 2) {
        co_yield py::strcat("Omitting ", same_count, " identical items, use -vv to show");
    } else if (same_count) {
        co_yield py::str("Matching attributes:");
        for (object line : py::each(pretty(highlighter, same))) co_yield line;
    }
    if (!different_count) co_return py::none();
    co_yield py::str("Differing attributes:");
    for (object line : py::each(pretty(highlighter, different))) co_yield line;
    for (object name : py::each(different)) {
        object left_field = py::get(left, name), right_field = py::get(right, name);
        co_yield py::str("");
        co_yield py::strcat("Drill down into differing attribute ", name, ":");
        object left_text = highlight(highlighter, py::repr_of(left_field));
        co_yield py::strcat(kIndent, name, ": ", left_text, " != ", highlight(highlighter, py::repr_of(right_field)));
        for (object line : py::each(lines(&compare_any, left_field, right_field, highlighter, a[3], a[4], no_budget())))
            co_yield py::strcat(kIndent, line);
    }
    co_return py::none();
}

FASTEST_MODULE(compare_any, "_pytest.assertion._compare_any") {
    m.generator("_compare_eq_any",
                "left, right, highlighter, verbose, assertion_text_diff_style, "
                "truncation_budget=_pytest.assertion._typing.NO_TRUNCATION_BUDGET",
                [](OwnedArgs a) {
                    object budget = a.given(5) ? py::borrow(a[5]) : no_budget();
                    return compare_any(OwnedArgs{a[0], a[1], a[2], a[3], a[4], budget});
                });
    m.generator("_compare_eq_cls", "left, right, highlighter, verbose, assertion_text_diff_style", &compare_fields);
}

}  // namespace fastest::explain
