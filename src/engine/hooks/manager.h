#pragma once
// The pieces of `pluggy.PluginManager` that span several files. All take the manager as a Python object, and call methods
// that subclasses override (`parse_hookimpl_opts`, `register`...) by name.

#include "engine/hooks/caller.h"

namespace fastest::py {
class ClassBuilder;
}

namespace fastest::hooks {

/// The caller of a hook, or null when the manager does not know the hook.
object find_caller(handle manager, handle name);

/// PluginValidationError or a warning when an implementation does not fit the caller's specification.
void verify_hook(handle caller, handle impl);

void define_registration(py::ClassBuilder& cls);
void define_queries(py::ClassBuilder& cls);
void define_monitoring(py::ClassBuilder& cls);
void define_distributions(py::ClassBuilder& cls);

}  // namespace fastest::hooks
