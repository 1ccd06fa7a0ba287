#pragma once
// Columns that text takes in a terminal.

#include "engine/py/module.h"

namespace fastest::terminal {

/// Columns of a str; -1 if it has characters that cannot be shown.
long long display_width(py::handle text);

/// `_pytest._io.terminalwriter.get_terminal_width()` as it is now (users patch it).
long long terminal_width();

}  // namespace fastest::terminal
