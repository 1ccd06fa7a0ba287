#pragma once
// The shared libraries of this process.

#include <optional>
#include <string>
#include <vector>

namespace fastest::os {

/// Their paths as the loader knows them; the program itself has none. Nothing where the system does not tell.
std::optional<std::vector<std::string>> loaded_libraries();

}  // namespace fastest::os
