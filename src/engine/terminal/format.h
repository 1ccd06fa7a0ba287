#pragma once
// Texts of the terminal report: durations, counts, node ids, reasons.

#include <string>
#include <string_view>

#include "engine/py/module.h"

namespace fastest::terminal {

/// "1.23s", from a minute on "83.10s (0:01:23)".
std::string session_duration(double seconds);
/// " 12.3ms", " 2m 3s": at most four digits.
std::string node_duration(double seconds);

/// "1 error", "2 errors", "3 passed".
std::string counted(long long count, std::string_view noun);

/// The colour of a category in the last line: `_color_for_type`, else the default.
py::object color_of(py::handle category);

/// `config.cwd_relative_nodeid(rep.id)` with its part after the path in bold.
py::object marked_nodeid(py::handle writer, py::handle config, py::handle report);
/// The verbose word of a report in its colour. `fallback`: markup keywords for reports that say none.
py::object marked_word(py::handle writer, py::handle config, py::handle report, py::handle fallback);

/// `before + message + after`, the first line of the message cut with "..." where the width asks for it; null if not even
/// the dots fit.
py::object trimmed(std::string_view before, std::string_view after, py::handle message, long long width);

/// The text that a user gave for a skip or xfail.
py::object raw_skip_reason(py::handle report);

}  // namespace fastest::terminal
