#pragma once
// The environment variable PYTEST_CURRENT_TEST: which test is in which phase, for the world and for child processes.

#include "engine/run/known.h"

namespace fastest::run {

/// Sets it to "node id (phase)".
void announce_phase(handle item, std::string_view phase);
/// The same with the node id as the caller has it already.
void announce_phase(std::string_view nodeid, std::string_view phase);
/// Removes it if it is there.
void drop_phase();
/// Removes it; KeyError if somebody else did.
void retract_phase();

}  // namespace fastest::run
