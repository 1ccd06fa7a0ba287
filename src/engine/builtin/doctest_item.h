#pragma once
// DoctestItem: one doctest, and how its failures are shown.

#include "engine/run/known.h"

namespace fastest::builtin {

using namespace run;

void define_doctest_item(Module& m);

}  // namespace fastest::builtin
