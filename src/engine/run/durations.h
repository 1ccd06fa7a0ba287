#pragma once
// --durations, --durations-min.

#include "engine/run/known.h"

namespace fastest::run {

void define_durations(Module& m);

}  // namespace fastest::run
