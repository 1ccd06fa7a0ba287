#pragma once
// Reports made by the engine itself.

#include "engine/hooks/quiet.h"
#include "engine/nodes/node.h"
#include "engine/run/known.h"

namespace fastest::run {

/// The TestReport of a phase that passed with nothing to say.
object report_of(const hooks::PhasePassed& event);
/// The same for the phases of one item; the keywords are those of `keywords`, which is the item's.
object report_of(const hooks::PhasePassed& event, nodes::KeywordNames& keywords);

}  // namespace fastest::run
