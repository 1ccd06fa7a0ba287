#pragma once
// Splitting a line into words as a POSIX shell does (Python's `shlex.split`): quotes, escapes, no comments.

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace fastest::config {

/// The words, or what is wrong: "No closing quotation" or "No escaped character".
std::expected<std::vector<std::string>, std::string> shell_words(std::string_view line);

}  // namespace fastest::config
