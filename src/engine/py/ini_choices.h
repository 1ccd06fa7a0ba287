#pragma once
// `Literal["a", "b"]` as the type of an ini option, in a run that may have no use for typing.

#include <initializer_list>

#include "engine/py/object.h"

namespace fastest::py {

/// For `parser.addini(type=...)`: what the engine's own `addini` makes of the Literal, the Literal itself for any
/// other.
object ini_choices(handle parser, std::initializer_list<const char*> choices);

}  // namespace fastest::py
