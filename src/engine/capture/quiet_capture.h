#pragma once
// The capture manager's part in quiet runs: the global capture stays on from one phase to the next.

#include "engine/hooks/quiet.h"

namespace fastest::capture {

std::unique_ptr<hooks::QuietPart> quiet_capture(py::handle manager, hooks::QuietRun& run);
/// Keeps the methods of CaptureManager as they are now, to tell later whether they were replaced.
void remember_manager_methods(py::handle manager_class);

/// What the general path does at the borders of a phase.
void begin_phase(py::handle manager);
void end_phase(py::handle manager, py::handle item, py::handle when);

}  // namespace fastest::capture
