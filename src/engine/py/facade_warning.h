#pragma once
// Warnings as pytest's own modules issue them.

#include "engine/py/object.h"

namespace fastest::py {

/// `warnings.warn(warning)` as if written in a line of the facade module: location and "once per place" memory are that module's.
void warn_from(const char* facade_module, handle warning);
/// `warnings.warn_explicit(warning, category=None, filename=..., lineno=...)`, looked up now.
void warn_at(handle warning, handle filename, handle lineno);

}  // namespace fastest::py
