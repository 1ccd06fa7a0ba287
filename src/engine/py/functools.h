#pragma once
// What the engine needs of functools, without importing it, which brings five modules with it.

#include "engine/py/object.h"

namespace fastest::py {

/// `functools.partial(function, **keywords)`.
object partial(handle function, std::initializer_list<Keyword> keywords);

/// `functools.lru_cache(maxsize)(function)`: the same object in all that can be asked of it.
object lru_cache(handle function, handle maxsize);

/// `functools.update_wrapper(wrapper, function)`.
void update_wrapper(handle wrapper, handle function);

}  // namespace fastest::py
