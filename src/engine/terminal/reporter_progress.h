#pragma once
// The reporter's progress, for the parts in quiet runs.

#include <string>

#include "engine/py/module.h"

namespace fastest::terminal {

/// The width that the message about the progress may take at the end of a line.
long long progress_message_width(py::handle reporter);
std::string progress_message(py::handle reporter);
/// `reporter._locationline(item.id, *item.location)`.
py::object location_line(py::handle reporter, py::handle item);
/// What the general path writes for a passed call: a letter, or a word behind its name.
void write_pass(py::handle reporter, py::handle item);

}  // namespace fastest::terminal
