#pragma once
// Explanations of failed comparisons with --enhanced-errors.

#include "engine/py/object.h"

namespace fastest::explain {

/// Whether the option is given.
bool wants_hints(py::handle config);

struct Comparison {
    py::handle operation, left, right;  // operation: str
    long long verbose;
    py::handle highlighter;
};
/// A list of lines, cut as the configuration wants it: the differing paths of nested or large data, else the usual
/// lines, and what the mistake may be.
py::object hinted_explanation(py::handle config, const Comparison& comparison, py::handle usual_lines);

}  // namespace fastest::explain
