#pragma once

#include <optional>
#include <string_view>

namespace fastest::collect {

/// Whether a name matches a pattern of literals, `*` and `?` (UTF-8, case counts); nothing when the pattern has more to it
/// or the platform's names are not compared by case.
std::optional<bool> match_simple_glob(std::string_view pattern, std::string_view name);

}  // namespace fastest::collect
