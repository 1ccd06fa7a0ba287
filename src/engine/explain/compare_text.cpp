// Texts that differ, or that one is in the other: `_pytest.assertion.compare_text`.

#include <algorithm>

#include "engine/explain/compare.h"
#include "engine/explain/ndiff.h"
#include "engine/explain/saferepr.h"
#include "engine/py/module.h"

namespace fastest::explain {

using py::Generator;
using py::handle;
using py::object;
using py::OwnedArgs;
using namespace py::literals;

namespace {

constexpr Py_ssize_t kWorthSkipping = 42, kContext = 10, kTermSize = 42;

object part(handle text, Py_ssize_t from, Py_ssize_t to) {
    return py::check(PyUnicode_Substring(text.ptr(), from, to));
}

/// The index of the first difference; the last common index when there is none.
Py_ssize_t first_difference(handle left, handle right, bool from_end) {
    Py_ssize_t left_size = PyUnicode_GET_LENGTH(left.ptr()), right_size = PyUnicode_GET_LENGTH(right.ptr());
    Py_ssize_t size = std::min(left_size, right_size);
    for (Py_ssize_t i = 0; i < size; ++i) {
        Py_UCS4 a = PyUnicode_READ_CHAR(left.ptr(), from_end ? left_size - 1 - i : i);
        Py_UCS4 b = PyUnicode_READ_CHAR(right.ptr(), from_end ? right_size - 1 - i : i);
        if (a != b) return i;
    }
    return std::max<Py_ssize_t>(size - 1, 0);
}

object skipped(Py_ssize_t count, const char* side) {
    return py::strcat("Skipping ", count, " identical ", side, " characters in diff, use -v to show");
}

bool is_blank(handle text) { return py::truth(py::call_method(text, "isspace"_n)); }

/// The lines that are compared: no more characters and lines than the budget allows.
object capped_lines(handle text, bool keep_ends, const Budget& budget) {
    object kept = py::borrow(text);
    if (budget.max_chars > 0) kept = py::check(PySequence_GetSlice(text.ptr(), 0, budget.max_chars));
    object lines = py::check(PyUnicode_Splitlines(kept.ptr(), keep_ends));
    if (budget.max_lines > 0) lines = py::check(PyList_GetSlice(lines.ptr(), 0, budget.max_lines));
    return lines;
}

object without_line_ends(const object& line) { return py::call_method(line, "strip"_n, py::str("\n")); }

/// The diff with one line an item, as it goes to the highlighter.
object diff_text(handle left, handle right, const Budget& budget) {
    object texts = py::new_list();
    for (const object& line : ndiff_lines(capped_lines(right, true, budget), capped_lines(left, true, budget)))
        py::append(texts, without_line_ends(line));
    return py::check(PyUnicode_Join(py::str("\n").ptr(), texts.ptr()));
}

Generator block_lines(OwnedArgs a) {
    for (object line : py::each(py::check(PyUnicode_Split(a[0].ptr(), py::str("\n").ptr(), -1))))
        co_yield py::strcat("  ", line);
    co_return py::none();
}

Generator diff_block(OwnedArgs a) {
    co_yield py::str("Left:");
    for (object line : py::each(lines(&block_lines, a[0]))) co_yield line;
    co_yield py::str("");
    co_yield py::str("Right:");
    for (object line : py::each(lines(&block_lines, a[1]))) co_yield line;
    co_return py::none();
}

}  // namespace

Generator diff_texts(OwnedArgs a) {
    object left = py::borrow(a[0]), right = py::borrow(a[1]);
    if (py::to_int(a[3]) < 1) {
        Py_ssize_t same = first_difference(left, right, false);
        if (same > kWorthSkipping) {
            same -= kContext;
            co_yield skipped(same, "leading");
            left = part(left, same, PY_SSIZE_T_MAX);
            right = part(right, same, PY_SSIZE_T_MAX);
        }
        Py_ssize_t size = PyUnicode_GET_LENGTH(left.ptr());
        if (size == PyUnicode_GET_LENGTH(right.ptr())) {
            same = size ? first_difference(left, right, true) + 1 : same;
            if (same > kWorthSkipping) {
                same -= kContext;
                co_yield skipped(same, "trailing");
                left = part(left, 0, size - same);
                right = part(right, 0, size - same);
            }
        }
    }
    if (is_blank(left) || is_blank(right)) {
        left = py::repr_of(py::to_str(left));
        right = py::repr_of(py::to_str(right));
        co_yield py::str("Strings contain only whitespace, escaping them using repr()");
    }
    object shown = highlight_diff(a[2], diff_text(left, right, budget_of(a[4])));
    for (object line : py::each(py::call_method(shown, "splitlines"_n))) co_yield line;
    co_return py::none();
}

Generator compare_texts(OwnedArgs a) {
    std::string style = py::text_of(a[4]);
    object source;
    if (style == "block") {
        source = lines(&diff_block, a[0], a[1]);
    } else if (style == "ndiff") {
        source = lines(&diff_texts, a[0], a[1], a[2], a[3], a[5]);
    } else {
        py::raise(PyExc_AssertionError, py::cat("Expected code to be unreachable, but got: ", py::repr_of(a[4])));
    }
    for (object line : py::each(source)) co_yield line;
    co_return py::none();
}

Generator not_in_text(OwnedArgs a) {
    object term = py::borrow(a[0]), text = py::borrow(a[1]);
    Py_ssize_t at = PyUnicode_Find(text.ptr(), term.ptr(), 0, PY_SSIZE_T_MAX, 1);
    Py_ssize_t size = PyUnicode_GET_LENGTH(text.ptr()), after = at + PyUnicode_GET_LENGTH(term.ptr());
    object head = part(text, 0, at < 0 ? std::max<Py_ssize_t>(size - 1, 0) : at),
           tail = part(text, after, PY_SSIZE_T_MAX);
    object without = py::check(PyUnicode_Concat(head.ptr(), tail.ptr()));
    co_yield py::strcat(safe_repr(term, kTermSize), " is contained here:");
    object plain = py::borrow(py::global<"assertion_guards", "dummy_highlighter">());
    for (object line : py::each(lines(&diff_texts, text, without, plain, a[2], a[3]))) {
        std::string shown = py::text(line);
        if (shown.starts_with("Skipping") || shown.starts_with("- ")) continue;
        if (shown.starts_with("+ ")) line = py::str("  " + shown.substr(2));
        co_yield line;
    }
    co_return py::none();
}

FASTEST_MODULE(compare_text, "_pytest.assertion.compare_text") {
    m.generator("_compare_eq_text",
                "left, right, highlighter, verbose, assertion_text_diff_style, "
                "truncation_budget=_pytest.assertion._typing.NO_TRUNCATION_BUDGET",
                [](OwnedArgs a) {
                    object budget = a.given(5) ? py::borrow(a[5]) : no_budget();
                    return compare_texts(OwnedArgs{a[0], a[1], a[2], a[3], a[4], budget});
                });
    m.generator("_diff_text",
                "left, right, highlighter, verbose=0, truncation_budget=_pytest.assertion._typing.NO_TRUNCATION_BUDGET",
                [](OwnedArgs a) {
                    object budget = a.given(4) ? py::borrow(a[4]) : no_budget();
                    return diff_texts(OwnedArgs{a[0], a[1], a[2], a[3], budget});
                });
    m.generator("_notin_text",
                "term, text, verbose=0, truncation_budget=_pytest.assertion._typing.NO_TRUNCATION_BUDGET",
                [](OwnedArgs a) {
                    object budget = a.given(3) ? py::borrow(a[3]) : no_budget();
                    return not_in_text(OwnedArgs{a[0], a[1], a[2], budget});
                });
    m.generator("_diff_text_block", "left, right", &diff_block);
    m.generator("_format_text_block_lines", "text", &block_lines);
    m.def("_cap_ndiff_input", "text, keepends, budget",
          [](py::Args a) { return capped_lines(a[0], py::truth(a[1]), budget_of(a[2])); });
}

}  // namespace fastest::explain
