#pragma once
// What `@dataclass` gives a class, natively and without importing `dataclasses` (which takes milliseconds).

#include <string_view>

#include "engine/py/object.h"

namespace fastest::py {

/// What `@dataclass` was given.
struct DataclassOptions {
    bool frozen = false;
    bool eq = true;
    bool repr = true;
    bool init = true;
};

struct DataclassMethods {
    object init, repr, eq, hash, setattr, delattr;
    object fields;      // a descriptor that makes real `dataclasses.Field`s when asked
    object params;      // the same for what `@dataclass` was given, which subclasses that are dataclasses ask for
    object defaults;    // dict: attributes of the class
    object match_args;  // tuple of names
};

/// `fields` is a signature without self, e.g. "argnames, initialnames, names_closure, name2fixturedefs". `name=[]` is a
/// list that `__init__` does not take (the class has an `__init__` of its own).
DataclassMethods dataclass_methods(std::string_view fields, std::string_view class_name, const char* module,
                                   DataclassOptions options);

}  // namespace fastest::py
