#pragma once
// Explanations of failed comparisons: each a stream of lines, made while it is read, so that what is cut off costs nothing.

#include "engine/py/function.h"

namespace fastest::explain {

/// How much of an explanation will be shown at most; 0 means no limit of that kind.
struct Budget {
    Py_ssize_t max_lines = 0;
    Py_ssize_t max_chars = 0;
};
Budget budget_of(py::handle truncation_budget);
py::object make_budget(Budget budget);
py::object no_budget();

/// A generator function's Python generator.
template <class... Values>
py::object lines(py::GeneratorBody body, const Values&... values) {
    return py::make_generator(body(py::OwnedArgs{py::handle(values)...}));
}

/// `left == right` with short reprs: the first line of an explanation.
py::object comparison_summary(py::handle operation, py::handle left, py::handle right, long long verbose);

// The kinds of comparison; arguments as in the Python functions of the same purpose.
py::Generator compare_any(py::OwnedArgs a);       // left, right, highlighter, verbose, style, budget
py::Generator compare_fields(py::OwnedArgs a);    // left, right, highlighter, verbose, style
py::Generator compare_texts(py::OwnedArgs a);     // left, right, highlighter, verbose, style, budget
py::Generator diff_texts(py::OwnedArgs a);        // left, right, highlighter, verbose, budget
py::Generator not_in_text(py::OwnedArgs a);       // term, text, verbose, budget
py::Generator compare_sequences(py::OwnedArgs a); // left, right, highlighter, verbose
py::Generator compare_iterables(py::OwnedArgs a); // left, right, highlighter, verbose, budget
py::Generator compare_sets(py::OwnedArgs a);      // left, right, highlighter, verbose
py::Generator compare_mappings(py::OwnedArgs a);  // left, right, highlighter, verbose, budget
/// The function of SET_COMPARISON_FUNCTIONS for an operator other than ==; null for an unknown one.
py::GeneratorBody set_comparison(std::string_view operation);

// What an object is, for the choice of the comparison.
bool is_sequence(py::handle value);
bool is_mapping(py::handle value);
bool is_set(py::handle value);
bool is_namedtuple(py::handle value);
bool is_dataclass_like(py::handle value);
bool is_attrs(py::handle value);
bool is_iterable(py::handle value);
bool has_default_eq(py::handle value);

/// `highlighter(text)`, and with `lexer="diff"`.
py::object highlight(py::handle highlighter, py::handle text);
py::object highlight_diff(py::handle highlighter, py::handle text);
/// `highlighter(text).splitlines()`.
py::object highlighted_lines(py::handle highlighter, py::handle text);

}  // namespace fastest::explain
