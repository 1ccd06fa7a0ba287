#pragma once
// Noticing that a module is imported, so that what pytest has installed in it from the start is there before its
// importer sees it, and a run that never needs the module does not pay for it.

#include "engine/py/module.h"

namespace fastest::py {

/// From now on each function of the dict (names of modules to functions of one argument) is called with its module when
/// somebody has imported it, before that import returns. For modules that come from files and are not there yet.
/// Returns a function of no argument that ends the watch.
object watch_imports(handle functions);
/// The same for one module.
object watch_import(const char* name, handle then);

/// The function that a watch will call with this module; null when none does.
object watching_function(handle name);

/// Whether a finder on `sys.meta_path` is such a watch; then whether it waits for this module.
bool is_import_watch(handle finder);
bool watches(handle finder, handle name);

}  // namespace fastest::py
