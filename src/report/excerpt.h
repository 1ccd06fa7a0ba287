#pragma once
// Texts of bounded size that do not differ from run to run.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace fastest::report {

/// Addresses become `0x...` and the numbered folders of temporary files `pytest-N`.
std::string without_accidents(std::string_view text);

/// A line of at most `most` bytes, cut between characters; says how many are missing.
std::string shortened(std::string_view line, std::size_t most);

/// At most `most` lines of a traceback: all if they fit, else those that say what failed and where.
std::vector<std::string> excerpt_of_traceback(std::string_view traceback, std::size_t most);

/// The last `most` lines.
std::vector<std::string> last_lines(std::string_view text, std::size_t most);

/// A word for a shell.
std::string quoted_for_shell(std::string_view word);

}  // namespace fastest::report
