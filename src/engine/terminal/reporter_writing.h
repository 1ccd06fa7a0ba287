#pragma once
// The line of a file, for the parts in quiet runs.

#include "engine/py/module.h"

namespace fastest::terminal {

/// The absolute path of a node id's file. Tests of one file come in a row, so the last answer is kept.
py::object file_of_nodeid(py::handle reporter, py::handle nodeid);
/// Whether the line that is being written is that file's.
bool is_current_file(py::handle reporter, py::handle path);
/// How a file's line starts.
py::object shown_file(py::handle reporter, py::handle path);

}  // namespace fastest::terminal
