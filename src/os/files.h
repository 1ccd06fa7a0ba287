#pragma once
// Files and folders.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fastest::os {

/// The bytes of a file; nothing, with errno set, when it cannot be read.
std::optional<std::string> read_file(const std::string& path);

/// Writes to the end of a file in one call, and makes the file when there is none. Whether all was written.
bool append_file(const std::string& path, std::string_view text);

/// Makes a file that was not there, with this text, executable for all if it is a program. Nothing is left of it after
/// a failure; errno tells.
bool create_file(const std::string& path, std::string_view text, bool program);

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

/// Whether a path is a link to something that is not there; nothing when the system does not say (loops, no
/// permission).
std::optional<bool> is_dead_link(const std::string& path);

bool remove_file(const std::string& path);

/// Removes a folder, which must not be a link, and all that is in it. False at the first thing that cannot be removed.
bool remove_tree(const std::string& folder);

/// Whether a file can be made in a folder, written and removed again.
bool can_write_in(const std::string& folder);

/// Names in a folder in the order in which the system gives them, as `os.listdir`; nothing when it cannot be read.
std::optional<std::vector<std::string>> list_folder(const std::string& path);

}  // namespace fastest::os
