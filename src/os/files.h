#pragma once
// Files and folders.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fastest::os {

/// The bytes of a regular file; nothing when it cannot be read.
std::optional<std::string> read_file(const std::string& path);

/// Writes to the end of a file in one call, and makes the file when there is none. Whether all was written.
bool append_file(const std::string& path, std::string_view text);

bool exists(const std::string& path);
/// Whether it is a regular file, or a link to one.
bool is_file(const std::string& path);
/// The same, and this process may execute it.
bool is_executable(const std::string& path);
bool is_folder(const std::string& path);
bool is_link(const std::string& path);
/// Whether an absolute path is its own `os.path.realpath`: it exists, and there is no link in it.
bool is_real(const std::string& path);
/// `os.path.realpath` of an existing file or folder; nothing when there is none.
std::optional<std::string> real_path(const std::string& path);
/// Seconds since the epoch, rounded as Python's `os.stat(path).st_mtime` is; nothing when there is no such file.
std::optional<double> modification_time(const std::string& path);

/// Names in a folder in the order in which the system gives them, as `os.listdir`; nothing when it cannot be read.
std::optional<std::vector<std::string>> list_folder(const std::string& path);

}  // namespace fastest::os
