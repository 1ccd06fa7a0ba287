#pragma once
// Paths as text, with Python's `os.path` rules.

#include <string>
#include <string_view>
#include <vector>

namespace fastest::os {

std::string current_folder();
/// `os.path.normpath`.
std::string normal(std::string_view path);
/// `os.path.abspath`, relative to the current folder.
std::string absolute(std::string_view path);
/// `os.path.join` of a folder and a name or path.
std::string join(std::string_view folder, std::string_view name);
/// The folder above, as `Path.parent`; of a root, itself.
std::string parent(std::string_view path);
/// The path itself, then every folder above it.
std::vector<std::string> with_parents(std::string_view path);
/// Whether `folder` is among the folders above `path`.
bool is_above(std::string_view folder, std::string_view path);
/// The last part of a path, as `Path.name`.
std::string_view name_of(std::string_view path);
/// `Path.suffix`: the last "." and what follows, unless the name starts or ends with it.
std::string_view suffix(std::string_view path);

}  // namespace fastest::os
