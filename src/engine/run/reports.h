#pragma once
// Reports made by the engine itself.

#include "engine/hooks/quiet.h"
#include "engine/run/known.h"

namespace fastest::run {

/// The TestReport of a phase that passed with nothing to say.
object report_of(const hooks::PhasePassed& event);

}  // namespace fastest::run
