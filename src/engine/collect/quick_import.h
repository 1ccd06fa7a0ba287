#pragma once
// Importing a test module without importlib's Python code.
//
// `importlib.import_module` runs some thirty Python functions to find out what the collection knows already: that the
// file it has in hand is the module of that name. Where nothing but importlib's own finders and the engine's hook could
// have a say, the hook loads the module at once.

#include "engine/py/module.h"

namespace fastest::collect {

using py::handle;
using py::object;

/// Loads a file, whose path and text are given, as the module `name`, as `importlib._bootstrap._load` does with the spec
/// that the finder gives for it. Null, with nothing done, when the finder has no spec for it or somebody could tell the
/// difference.
using QuickLoad = object (*)(handle finder, handle name, handle path, handle text);
/// Declares, when the namespace is made, that finders of this class can load so.
void loads_quickly(handle finder_class, QuickLoad load);

/// The finder that can load quickly, if it comes first of all that could know the module. Null otherwise.
object first_finder(handle name);

/// `importlib.import_module(name)` for a file whose folder has just been put on the search path.
void import_module(handle name, handle path);

}  // namespace fastest::collect
