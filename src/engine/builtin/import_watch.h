#pragma once
// Noticing that a module is imported, so that what pytest has installed in it from the start is there before its importer
// sees it, and a run that never needs the module does not pay for it.

#include "engine/py/module.h"

namespace fastest::builtin {

/// From now until the config's clean-up, `then(module)` is called when somebody has imported `name`, before that import
/// returns. For modules that come from files.
void watch_import(py::handle config, const char* name, py::handle then);

}  // namespace fastest::builtin
