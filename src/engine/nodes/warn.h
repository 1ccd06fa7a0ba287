#pragma once
// Warnings as pytest's own modules issue them.

#include "engine/py/module.h"

namespace fastest::nodes {

/// `warnings.warn(warning)` as if written in a line of the facade module: location and "once per place" memory are that module's.
void warn_from(const char* facade_module, py::handle warning);
/// `warnings.warn_explicit(warning, category=None, filename=..., lineno=...)`, looked up now.
void warn_at(py::handle warning, py::handle filename, py::handle lineno);

}  // namespace fastest::nodes
