// Sequences, sets, mappings and everything that can be iterated: `_compare_sequence`, `_compare_set`,
// `_compare_mapping`.

#include "engine/explain/compare.h"
#include "engine/explain/ndiff.h"
#include "engine/explain/pprint.h"
#include "engine/explain/saferepr.h"
#include "engine/py/module.h"

namespace fastest::explain {

using py::Generator;
using py::handle;
using py::object;
using py::OwnedArgs;
using namespace py::literals;

namespace {

constexpr Py_ssize_t kDefaultMaxSize = 240;

object short_repr(handle value) { return safe_repr(value, kDefaultMaxSize); }

bool differ(handle left, handle right) {
    return py::truth(py::check(PyObject_RichCompare(left.ptr(), right.ptr(), Py_NE)));
}

bool same_items(handle left, handle right) {
    return py::truth(py::check(PyObject_RichCompare(left.ptr(), right.ptr(), Py_EQ)));
}

object pformat(handle value) { return py::call(py::lookup("pprint", "pformat"_n), value); }

object pair_dict(handle key, handle value) {
    object dict = py::new_dict();
    py::dict_set(dict, key, value);
    return dict;
}

}  // namespace

// --- sequences and iterables ------------------------------------------------------------------

Generator compare_sequences(OwnedArgs a) {
    object left = py::borrow(a[0]), right = py::borrow(a[1]), highlighter = py::borrow(a[2]);
    bool bytes = PyBytes_Check(left.ptr()) && PyBytes_Check(right.ptr());
    Py_ssize_t left_size = py::length(left), right_size = py::length(right);
    for (Py_ssize_t i = 0; i < std::min(left_size, right_size); ++i) {
        object index = py::integer(i);
        object left_item = py::item(left, index), right_item = py::item(right, index);
        if (!differ(left_item, right_item)) continue;
        if (bytes) {  // as characters, not as numbers
            left_item = py::check(PySequence_GetSlice(left.ptr(), i, i + 1));
            right_item = py::check(PySequence_GetSlice(right.ptr(), i, i + 1));
        }
        object left_text = highlight(highlighter, py::repr_of(left_item));
        co_yield py::strcat("At index ", i, " diff: ", left_text,
                            " != ", highlight(highlighter, py::repr_of(right_item)));
        break;
    }
    Py_ssize_t more = left_size - right_size;
    if (bytes || more == 0) co_return py::none();
    const char* side = more > 0 ? "Left" : "Right";
    object extra =
        short_repr(more > 0 ? py::item(left, py::integer(right_size)) : py::item(right, py::integer(left_size)));
    if (more == 1 || more == -1)
        co_yield py::strcat(side, " contains one more item: ", highlight(highlighter, extra));
    else
        co_yield py::strcat(side, " contains ", more > 0 ? more : -more,
                            " more items, first extra item: ", highlight(highlighter, extra));
    co_return py::none();
}

Generator compare_iterables(OwnedArgs a) {
    if (py::to_int(a[3]) <= 0 && !py::truth(py::call(py::facade("_pytest.compat", "running_on_ci"_n)))) {
        co_yield py::str("Use -v to get more diff");
        co_return py::none();
    }
    Budget budget = budget_of(a[4]);
    object left = pretty_lines(a[0], budget.max_lines, budget.max_chars);
    object right = pretty_lines(a[1], budget.max_lines, budget.max_chars);
    co_yield py::str("");
    co_yield py::str("Full diff: (-: missing in left side, +: extra in left side)");
    for (const object& line : ndiff_lines(right, left))
        co_yield highlight_diff(a[2], py::call_method(line, "rstrip"_n));
    co_return py::none();
}

// --- sets -------------------------------------------------------------------------------------

namespace {

// side, set, other, highlighter
Generator one_sided(OwnedArgs a) {
    object extra = py::check(PyNumber_Subtract(a[1].ptr(), a[2].ptr()));
    if (!py::truth(extra)) co_return py::none();
    co_yield py::strcat("Extra items in the ", a[0], " set:");
    for (object item : py::each(extra)) co_yield highlight(a[3], short_repr(item));
    co_return py::none();
}

Generator only_left(OwnedArgs a) { return one_sided(OwnedArgs{py::str("left"), a[0], a[1], a[2]}); }
Generator only_right(OwnedArgs a) { return one_sided(OwnedArgs{py::str("right"), a[1], a[0], a[2]}); }

Generator equal_sets(OwnedArgs) {
    co_yield py::str("Both sets are equal");
    co_return py::none();
}

Generator not_less(OwnedArgs a) { return same_items(a[0], a[1]) ? equal_sets(a) : only_left(a); }
Generator not_greater(OwnedArgs a) { return same_items(a[0], a[1]) ? equal_sets(a) : only_right(a); }

}  // namespace

Generator compare_sets(OwnedArgs a) {
    for (object line : py::each(lines(&only_left, a[0], a[1], a[2]))) co_yield line;
    for (object line : py::each(lines(&only_right, a[0], a[1], a[2]))) co_yield line;
    co_return py::none();
}

py::GeneratorBody set_comparison(std::string_view operation) {
    if (operation == "!=") return &equal_sets;
    if (operation == ">=") return &only_right;
    if (operation == "<=") return &only_left;
    if (operation == ">") return &not_greater;
    if (operation == "<") return &not_less;
    return nullptr;
}

// --- mappings ---------------------------------------------------------------------------------

namespace {

// mapping, keys, highlighter, budget
Generator extra_items(OwnedArgs a) {
    Py_ssize_t most = budget_of(a[3]).max_lines;
    if (most == 0 || py::length(a[1]) <= most) {
        object extra = py::new_dict();
        for (object key : py::each(a[1])) py::dict_set(extra, key, py::item(a[0], key));
        for (object line : py::each(highlighted_lines(a[2], pformat(extra)))) co_yield line;
        co_return py::none();
    }
    for (object key : py::each(smallest_safely(a[1], most)))
        co_yield highlight(a[2], short_repr(pair_dict(key, py::item(a[0], key))));
    co_return py::none();
}

object count_line(const char* side, Py_ssize_t count) {
    return py::strcat(side, " contains ", count, " more item", count == 1 ? "" : "s", ":");
}

}  // namespace

Generator compare_mappings(OwnedArgs a) {
    object left = py::borrow(a[0]), right = py::borrow(a[1]), highlighter = py::borrow(a[2]);
    object left_keys = py::call_method(left, "keys"_n), right_keys = py::call_method(right, "keys"_n);
    object common = py::check(PyNumber_And(left_keys.ptr(), right_keys.ptr()));
    object same = py::new_dict(), different = py::check(PySet_New(nullptr));
    for (object key : py::each(common))
        if (same_items(py::item(left, key), py::item(right, key))) py::dict_set(same, key, py::item(left, key));
    if (Py_ssize_t count = py::length(same)) {
        if (py::to_int(a[3]) < 2) {
            co_yield py::strcat("Omitting ", count, " identical items, use -vv to show");
        } else {
            co_yield py::str("Common items:");
            for (object line : py::each(highlighted_lines(highlighter, pformat(same)))) co_yield line;
        }
    }
    for (object key : py::each(common))
        if (differ(py::item(left, key), py::item(right, key))) py::check(PySet_Add(different.ptr(), key.ptr()));
    if (py::length(different)) co_yield py::str("Differing items:");
    for (object key : py::each(different)) {
        object left_text = highlight(highlighter, short_repr(pair_dict(key, py::item(left, key))));
        co_yield py::strcat(left_text,
                            " != ", highlight(highlighter, short_repr(pair_dict(key, py::item(right, key)))));
    }
    object only_left_keys = py::check(PyNumber_Subtract(left_keys.ptr(), right_keys.ptr()));
    if (Py_ssize_t count = py::length(only_left_keys)) {
        co_yield count_line("Left", count);
        for (object line : py::each(lines(&extra_items, left, only_left_keys, highlighter, a[4]))) co_yield line;
    }
    object only_right_keys = py::check(PyNumber_Subtract(right_keys.ptr(), left_keys.ptr()));
    if (Py_ssize_t count = py::length(only_right_keys)) {
        co_yield count_line("Right", count);
        for (object line : py::each(lines(&extra_items, right, only_right_keys, highlighter, a[4]))) co_yield line;
    }
    co_return py::none();
}

// --- Python's view ----------------------------------------------------------------------------

FASTEST_MODULE(compare_containers, "_pytest.assertion._compare_sequence") {
    m.generator("_compare_eq_sequence", "left, right, highlighter, verbose=0", &compare_sequences);
    m.generator("_compare_eq_iterable",
                "left, right, highlighter, verbose=0, truncation_budget=_pytest.assertion._typing.NO_TRUNCATION_BUDGET",
                [](OwnedArgs a) {
                    object budget = a.given(4) ? py::borrow(a[4]) : no_budget();
                    return compare_iterables(OwnedArgs{a[0], a[1], a[2], a[3], budget});
                });
}

FASTEST_MODULE(compare_sets, "_pytest.assertion._compare_set") {
    const char* signature = "left, right, highlighter, verbose=0";
    m.generator("_compare_eq_set", signature, &compare_sets);
    m.generator("_set_one_sided_diff", "posn, set1, set2, highlighter", &one_sided);
    object table = py::new_dict();
    py::dict_set(table, py::str("!="), m.generator("_both_sets_are_equal", signature, &equal_sets));
    py::dict_set(table, py::str(">="), m.generator("_compare_gte_set", signature, &only_right));
    py::dict_set(table, py::str("<="), m.generator("_compare_lte_set", signature, &only_left));
    py::dict_set(table, py::str(">"), m.generator("_compare_gt_set", signature, &not_greater));
    py::dict_set(table, py::str("<"), m.generator("_compare_lt_set", signature, &not_less));
    m.attr("SET_COMPARISON_FUNCTIONS", table);
}

FASTEST_MODULE(compare_mapping, "_pytest.assertion._compare_mapping") {
    m.generator("_compare_eq_mapping",
                "left, right, highlighter, verbose=0, truncation_budget=_pytest.assertion._typing.NO_TRUNCATION_BUDGET",
                [](OwnedArgs a) {
                    object budget = a.given(4) ? py::borrow(a[4]) : no_budget();
                    return compare_mappings(OwnedArgs{a[0], a[1], a[2], a[3], budget});
                });
    m.generator("_format_extra_items", "mapping, keys, highlighter, truncation_budget", &extra_items);
}

}  // namespace fastest::explain
