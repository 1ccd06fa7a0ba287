#pragma once
// What `typing.NamedTuple` gives a class, natively and without importing `typing` or `collections`.

#include <initializer_list>

#include "engine/py/module.h"

namespace fastest::py {

/// A new instance of a class made by `named_tuple_class`, without its `__new__`.
object new_named_tuple(handle type, handle values);

/// Begins a class of two or three fields: `__new__`, `_make`, `_replace`, `_asdict`, `__repr__`, `__getnewargs__`, the
/// fields.
ClassBuilder named_tuple_class(Module& module, std::string_view name, std::initializer_list<const char*> fields);

}  // namespace fastest::py
