#pragma once
// Whether files are looked at by the standard library's own functions, so that the engine may ask the system itself.

#include <initializer_list>

#include "engine/py/object.h"

namespace fastest::py {

/// Whether the class of this path has these methods from pathlib itself.
bool has_library_methods(handle path, std::initializer_list<handle> names);
/// Whether these functions of `os` are the built-in ones.
bool has_builtin_functions(std::initializer_list<handle> names);

}  // namespace fastest::py
