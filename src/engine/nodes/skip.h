#pragma once
// Skips that the runner decides on.

#include "engine/py/object.h"

namespace fastest::nodes {

/// `pytest.skip(reason)`, called by this function of a facade module: reports tell the place of a skip.
[[noreturn]] void skip_from(const char* module, const char* function, py::handle reason);

}  // namespace fastest::nodes
