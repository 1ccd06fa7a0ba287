#pragma once
// What a plugin or a hook namespace holds under a name, found without running descriptors (`inspect.getattr_static`).

#include "engine/py/object.h"

namespace fastest::hooks {

using py::handle;
using py::object;

/// The raw attribute: out of the instance's or class's dict, unbound. Null when there is none.
object static_attribute(handle owner, handle name);

/// A function that can be a hook.
struct HookFunction {
    object marked;    // what carries the marker's options: the function, or the classmethod/staticmethod around it
    object callable;  // what is to be called
};

/// Functions, methods, class and static methods, and such objects stored on an instance. Null fields for anything else.
HookFunction hook_function(handle owner, handle name);

/// The dict that a marker has set on a function (or on what a class or static method holds); null when there is none.
object marker_options(handle marked, handle attribute);

}  // namespace fastest::hooks
