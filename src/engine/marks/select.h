#pragma once
// `-k` and `-m`: which items stay.

#include "engine/py/module.h"

namespace fastest::marks {

void define_select(py::Module& m);

}  // namespace fastest::marks
