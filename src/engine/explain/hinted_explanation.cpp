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

/// What there is to say beside or instead of the usual lines.
struct Found {
    object hints, lines;  // lists of str; null lines: the usual ones
    std::optional<Budget> budget;
};

Found look_at(handle config, const Comparison& comparison) {
    Found found{py::new_list(), {}, {}};
    std::string operation = py::text(comparison.operation);
    DifferingPaths paths;
    if (operation == "==") paths = differing_paths(comparison.left, comparison.right);
    for (const std::string& line : likely_mistakes(operation, comparison.left, comparison.right, paths))
        py::append(found.hints, py::str("hint: " + line));
    found.budget = budget_beside(config, found.hints);
    if (!paths.tell_more()) return found;
    bool is_cut = found.budget && found.budget->max_lines > 0;
    auto most = static_cast<std::size_t>(is_cut ? comparison_budget(config).max_lines : 0);
    found.lines = with_summary(comparison, path_lines(paths, comparison.highlighter, comparison.verbose, most));
    return found;
}

}  // namespace

bool wants_hints(handle config) {
    object options = py::try_get(config, "option"_n);
    return options.is_valid() && py::get_or(options, "fastest_enhanced_errors"_n, Py_False).is(Py_True);
}

object hinted_explanation(handle config, const Comparison& comparison, handle usual_lines) {
    Found found;
    try {
        found = look_at(config, comparison);
    } catch (const nb::python_error& error) {
        if (error.matches(PyExc_KeyboardInterrupt)) throw;
        return materialize(usual_lines, config);
    }
    object shown = materialize(found.lines.is_valid() ? found.lines : py::borrow(usual_lines), found.budget);
    if (!py::truth(found.hints)) return shown;
    if (!py::truth(shown)) return with_summary(comparison, found.hints);
    py::check(PyList_SetSlice(shown.ptr(), PY_SSIZE_T_MAX, PY_SSIZE_T_MAX, found.hints.ptr()));
    return shown;
}

}  // namespace fastest::explain
