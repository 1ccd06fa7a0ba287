#pragma once
// AssertionRewritingHook.

#include "engine/py/module.h"

namespace fastest::rewrite {

void define_hook(py::Module& module);

/// The body of `exec_module`; `source` is the Path of the module's file.
void execute_module(py::handle hook, py::handle module, py::object source);
/// What `exec_module` raises the next time instead of running the module: an exception of one that ran without
/// importlib's frames, which users would see. None: it went well, but the module is not in `sys.modules` any more.
void raise_at_next_load(py::handle hook, py::handle name, py::handle exception);

/// Loads without importlib's Python code where nobody could tell; see collect/quick_import.h.
void define_quick_load(py::handle hook_class);

}  // namespace fastest::rewrite
