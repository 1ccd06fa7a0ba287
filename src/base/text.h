#pragma once
// Text as Python sees it, over UTF-8: lines and white space by Unicode's rules.

#include <string>
#include <string_view>
#include <vector>

namespace fastest::base {

/// `str.isspace()` of one character.
bool is_space(char32_t character);

/// `str.strip()`, `str.lstrip()`, `str.rstrip()`.
std::string_view strip(std::string_view text);
std::string_view strip_left(std::string_view text);
std::string_view strip_right(std::string_view text);

/// `str.splitlines()`.
std::vector<std::string_view> split_lines(std::string_view text);

/// `text.split(separator)`.
std::vector<std::string_view> split(std::string_view text, char separator);

/// Lower case of ASCII letters.
std::string lower_ascii(std::string_view text);

}  // namespace fastest::base
