#include "engine/explain/hinted_explanation.h"

#include <algorithm>

#include "engine/explain/compare.h"
#include "engine/explain/differing_paths.h"
#include "engine/explain/likely_mistakes.h"
#include "engine/explain/truncate.h"

namespace fastest::explain {

using py::handle;
using py::object;
using namespace py::literals;

namespace {

/// What is left for the explanation beside the hints.
std::optional<Budget> budget_beside(handle config, handle hints) {
    std::optional<Budget> budget = truncation_of(config);
    if (!budget) return budget;
    for (object hint : py::each(hints)) {
        if (budget->max_lines > 1) --budget->max_lines;
        if (budget->max_chars > 0) budget->max_chars = std::max<Py_ssize_t>(budget->max_chars - py::length(hint), 1);
    }
    return budget;
}

object with_summary(const Comparison& comparison, handle lines) {
    object all = py::list_of(
        comparison_summary(comparison.operation, comparison.left, comparison.right, comparison.verbose), py::str(""));
    py::check(PyList_SetSlice(all.ptr(), PY_SSIZE_T_MAX, PY_SSIZE_T_MAX, lines.ptr()));
    return all;
}

}  // namespace

bool wants_hints(handle config) {
    object options = py::try_get(config, "option"_n);
    return options.is_valid() && py::get_or(options, "fastest_enhanced_errors"_n, Py_False).is(Py_True);
}

object hinted_explanation(handle config, const Comparison& comparison, handle usual_lines) {
    std::string operation = py::text(comparison.operation);
    DifferingPaths paths;
    if (operation == "==") paths = differing_paths(comparison.left, comparison.right);
    object hints = py::new_list();
    for (const std::string& line : likely_mistakes(operation, comparison.left, comparison.right, paths))
        py::append(hints, py::str("hint: " + line));
    std::optional<Budget> budget = budget_beside(config, hints);
    object lines = py::borrow(usual_lines);
    if (paths.tell_more()) {
        auto most = static_cast<std::size_t>(budget && budget->max_lines > 0 ? comparison_budget(config).max_lines : 0);
        lines = with_summary(comparison, path_lines(paths, comparison.highlighter, comparison.verbose, most));
    }
    object shown = materialize(lines, budget);
    if (!py::truth(hints)) return shown;
    if (!py::truth(shown)) return with_summary(comparison, hints);
    py::check(PyList_SetSlice(shown.ptr(), PY_SSIZE_T_MAX, PY_SSIZE_T_MAX, hints.ptr()));
    return shown;
}

}  // namespace fastest::explain
