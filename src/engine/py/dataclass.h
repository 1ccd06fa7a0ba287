#pragma once
// What `@dataclass` gives a class, natively and without importing `dataclasses` (which takes milliseconds).

#include <string_view>

#include "engine/py/object.h"

namespace fastest::py {

struct DataclassMethods {
    object init, repr, eq, hash, setattr, delattr;
    object fields;      // a descriptor that makes real `dataclasses.Field`s when asked
    object match_args;  // tuple of names
};

/// `fields` is a signature without self, e.g. "argnames, initialnames, names_closure, name2fixturedefs".
DataclassMethods dataclass_methods(std::string_view fields, std::string_view class_name, const char* module, bool frozen);

}  // namespace fastest::py
