#pragma once
// SetupState: which nodes are set up now, outermost first, and what undoes it. `stack` is a dict
// node -> (finalizers, None or (exception, traceback) of its failed set-up); plugins read and edit it.

#include "engine/run/known.h"

namespace fastest::run {

void define_setup_state(Module& m);

}  // namespace fastest::run
