#pragma once
// The ini format as the `iniconfig` library reads it: sections, `name = value` or `name: value`, indented continuation
// lines, comments on lines of their own.

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fastest::config {

struct IniSection {
    std::string name;
    std::vector<std::pair<std::string, std::string>> values;  // in the order of the file
};

/// What is wrong in which line. When `quoted` is set, the message ends with the repr of that text.
struct IniError {
    std::size_t line = 0;  // from 1
    std::string message;
    std::optional<std::string> quoted;
};

class IniFile {
public:
    static std::expected<IniFile, IniError> parse(std::string_view text);
    /// Null when there is no such section.
    const IniSection* section(std::string_view name) const;

private:
    std::vector<IniSection> sections_;
};

}  // namespace fastest::config
