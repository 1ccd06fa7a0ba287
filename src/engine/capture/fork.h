#pragma once
// Captures in a forked child: what they caught so far is the parent's, and what they catch from now on goes to files of their own.

#include "engine/py/object.h"

namespace fastest::capture {

/// Has the captures of a capture manager part when the run of this config is forked.
void part_at_fork(py::handle config, py::handle manager);

}  // namespace fastest::capture
