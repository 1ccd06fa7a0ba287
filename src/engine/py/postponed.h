#pragma once
// Names of namespaces that are defined when they are first looked up (`Module::later`).

#include "engine/py/object.h"

namespace fastest::py {

/// Something of a namespace if it has been defined; null when that is still postponed, so that nothing can be an
/// instance of it.
object defined(std::string_view space, std::string_view name);

}  // namespace fastest::py
