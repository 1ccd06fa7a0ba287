#pragma once
// Programs on PATH.

#include <optional>
#include <string>
#include <string_view>

namespace fastest::os {

/// The path of an executable regular file called `name` in one of PATH's folders.
std::optional<std::string> find_program(std::string_view name);

}  // namespace fastest::os
