#pragma once
// AssertionRewritingHook.

#include "engine/py/module.h"

namespace fastest::rewrite {

void define_hook(py::Module& module);

}  // namespace fastest::rewrite
