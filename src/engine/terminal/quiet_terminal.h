#pragma once
// The terminal reporter's part in quiet runs: what passed tests show, written at once and natively.

#include <string>

#include "engine/hooks/quiet.h"

namespace fastest::terminal {

std::unique_ptr<hooks::QuietPart> quiet_terminal(py::handle reporter, hooks::QuietRun& run);
/// Keeps the methods of the reporter and the writer as they are now, to tell later whether they were replaced.
void remember_reporter_methods(py::handle reporter_class);
void remember_quiet_writer(py::handle writer_class);

/// The width that the message about the progress may take at the end of a line.
long long progress_message_width(py::handle reporter);
std::string progress_message(py::handle reporter);
/// `reporter._locationline(item.id, *item.location)`.
py::object location_line(py::handle reporter, py::handle item);
/// The absolute path of a node id's file. Tests of one file come in a row, so the last answer is kept.
py::object file_of_nodeid(py::handle reporter, py::handle nodeid);
/// Whether the line that is being written is that file's.
bool is_current_file(py::handle reporter, py::handle path);
/// How a file's line starts.
py::object shown_file(py::handle reporter, py::handle path);
/// What the general path writes for a passed call: a letter, or a word behind its name.
void write_pass(py::handle reporter, py::handle item);

}  // namespace fastest::terminal
