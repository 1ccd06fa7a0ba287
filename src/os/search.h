#pragma once
// Looking for files: programs on PATH, names in folders.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fastest::os {

/// The path of an executable regular file called `name` in one of PATH's folders.
std::optional<std::string> find_program(std::string_view name);

bool is_file(const std::string& path);
bool is_executable(const std::string& path);

/// Names in a folder, sorted; none when it cannot be read.
std::vector<std::string> folder_names(const std::string& path);

}  // namespace fastest::os
