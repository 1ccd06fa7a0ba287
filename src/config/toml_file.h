#pragma once
// TOML documents as trees of plain values. Tables keep the order of the file.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace fastest::config {

struct TomlValue;
using TomlArray = std::vector<TomlValue>;
using TomlTable = std::vector<std::pair<std::string, TomlValue>>;
struct TomlMoment {};  // a date or a time; its text is not kept

struct TomlValue {
    std::variant<bool, std::int64_t, double, std::string, TomlArray, TomlTable, TomlMoment> value;

    const TomlTable* table() const { return std::get_if<TomlTable>(&value); }
};

/// The member of a table, or null.
const TomlValue* member(const TomlTable& table, std::string_view key);

/// Nothing when the text is not TOML or holds what this reader leaves to a fuller one (carriage returns).
std::optional<TomlTable> parse_toml(std::string_view text);

}  // namespace fastest::config
