#pragma once
// This process as the operating system sees it: its own program file, becoming or asking another program.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fastest::os {

/// The path of the running program, or an empty string when the system does not tell. `argv0` is the fallback, looked
/// up on PATH.
std::string program_path(std::string_view argv0);

/// Replaces this process by `program` (a path) with these arguments (argv[0] included). Returns only on failure, with
/// the system's words for it.
std::string become(const std::string& program, const std::vector<std::string>& arguments);

/// What a program (a path) with these arguments (argv[0] included) writes to its standard output; nothing when it
/// cannot be started or fails. Its errors go to this process's standard error.
std::optional<std::string> output_of(const std::string& program, const std::vector<std::string>& arguments);

}  // namespace fastest::os
