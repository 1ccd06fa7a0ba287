#pragma once
// How much of an explanation is shown.

#include <optional>

#include "engine/explain/compare.h"

namespace fastest::explain {

/// The limits of the configuration; none when explanations are shown in full.
std::optional<Budget> truncation_of(py::handle config);
/// What comparisons need to make at most, so that truncation sees that something was cut.
Budget comparison_budget(py::handle config);
/// A list of the lines that are shown; lines behind the cut are not made.
py::object materialize(py::handle lines, py::handle config);
/// The same with these limits; none: all lines.
py::object materialize(py::handle lines, const std::optional<Budget>& budget);

}  // namespace fastest::explain
