#pragma once
// Compiled `-k`/`-m` expressions as Python objects.

#include <vector>

#include "engine/py/module.h"
#include "match/expression.h"

namespace fastest::marks {

/// A native expression with the Python values its matchers get.
struct CompiledExpression {
    match::Expression expression;
    std::vector<py::object> names;      // str, one for each occurrence
    std::vector<py::object> arguments;  // dict or null, likewise
};

const match::Alphabet& python_alphabet();

/// What an `_pytest.mark.expression.Expression` evaluates. Null for one that was not made by `compile`.
const CompiledExpression* compiled(py::handle expression);

}  // namespace fastest::marks
