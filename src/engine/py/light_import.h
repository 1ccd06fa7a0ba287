#pragma once
// Imports of modules of the standard library that name many others at their head and use few of them.
//
// `pathlib` names `re`, `fnmatch`, `ntpath`, `functools` and `urllib.parse`, `enum` names `functools`: nine tenths of
// what their imports cost, and most runs need none of them. While such a module is imported, stand-ins take the places
// of the others in `sys.modules`; afterwards they are gone from there. A stand-in that stays in the module's namespace
// imports what it stands for when it is first asked for something, and hands everything on to it.

#include "engine/py/object.h"

namespace fastest::py {

/// Imports `name`, or gives it when it was imported already.
object light_import(const char* name);

}  // namespace fastest::py
