#pragma once
// What `--collect-only` shows.

#include "engine/py/module.h"

namespace fastest::terminal {

/// `TerminalReporter._printcollecteditems`: self, items.
py::object print_collected_items(py::Args a);

}  // namespace fastest::terminal
