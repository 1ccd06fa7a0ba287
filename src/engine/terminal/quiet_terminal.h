#pragma once
// The terminal reporter's part in quiet runs: letters of passed tests, written at once and natively.

#include "engine/hooks/quiet.h"

namespace fastest::terminal {

std::unique_ptr<hooks::QuietPart> quiet_terminal(py::handle reporter, hooks::QuietRun& run);
/// Keeps the methods of the reporter and the writer as they are now, to tell later whether they were replaced.
void remember_reporter_methods(py::handle reporter_class);
void remember_quiet_writer(py::handle writer_class);

/// The width that the message about the progress may take at the end of a line.
long long progress_message_width(py::handle reporter);
/// What the general path writes for a passed call.
void write_passed_letter(py::handle reporter);

}  // namespace fastest::terminal
