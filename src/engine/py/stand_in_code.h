#pragma once
// What tools that look at functions of pytest find where these are native: a code object with the same names.

#include "engine/py/signature.h"

namespace fastest::py {

/// A code object that does nothing, of a function at the top of its module's file with these parameters.
object stand_in_code(handle module_name, handle name, handle qualname, const Signature& signature, bool is_generator);

}  // namespace fastest::py
