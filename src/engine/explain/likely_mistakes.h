#pragma once
// Why a comparison that looks right may have failed: common mistakes, each told in a line.

#include <string>
#include <vector>

#include "engine/explain/differing_paths.h"

namespace fastest::explain {

/// At most two lines. For `==` the differences are looked at, too. Errors of users' code are swallowed.
std::vector<std::string> likely_mistakes(std::string_view operation, py::handle left, py::handle right,
                                         const DifferingPaths& paths);

}  // namespace fastest::explain
