#include "config/ini_file.h"

#include <algorithm>

#include "base/text.h"

namespace fastest::config {
namespace {

enum class LineKind { kBlank, kSection, kValue, kContinuation, kWrong };

struct Line {
    LineKind kind = LineKind::kBlank;
    std::string_view name;
    std::string_view value;
};

bool is_comment(std::string_view line) {
    std::string_view text = base::strip_left(line);
    return text.empty() || text.front() == '#' || text.front() == ';';
}

Line read_section(std::string_view line) {
    std::string_view head = line;
    for (char mark : {'#', ';'}) head = base::strip_right(head.substr(0, head.find(mark)));
    if (!head.empty() && head.back() == ']') return {LineKind::kSection, head.substr(1, head.size() - 2), {}};
    return {LineKind::kContinuation, {}, base::strip(line)};
}

Line read_value(std::string_view line) {
    std::size_t at = line.find('=');
    if (at == std::string_view::npos || line.substr(0, at).find(':') != std::string_view::npos) at = line.find(':');
    if (at == std::string_view::npos) return {LineKind::kWrong, line, {}};
    return {LineKind::kValue, base::strip(line.substr(0, at)), base::strip(line.substr(at + 1))};
}

Line read_line(std::string_view line) {
    if (is_comment(line)) return {};
    line = base::strip_right(line);
    if (line.front() == '[') return read_section(line);
    if (base::strip_left(line).size() == line.size()) return read_value(line);
    return {LineKind::kContinuation, {}, base::strip(line)};
}

}  // namespace

std::expected<IniFile, IniError> IniFile::parse(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    // Structural errors are found before errors of naming, as iniconfig reads the file in two passes.
    struct Entry {
        std::size_t line;
        LineKind kind;
        std::string name;
        std::string value;
        bool empty;
    };
    std::vector<Entry> entries;
    std::size_t number = 0;
    for (std::string_view raw : base::split_lines(text)) {
        ++number;
        Line line = read_line(raw);
        switch (line.kind) {
        case LineKind::kBlank:
            break;
        case LineKind::kWrong:
            return std::unexpected(IniError{number, "unexpected line: ", std::string(line.name)});
        case LineKind::kSection:
            if (line.name.empty()) return std::unexpected(IniError{number, "empty section name", std::nullopt});
            entries.push_back({number, line.kind, std::string(line.name), {}, true});
            break;
        case LineKind::kValue:
            entries.push_back({number, line.kind, std::string(line.name), std::string(line.value), line.value.empty()});
            break;
        case LineKind::kContinuation:
            if (entries.empty() || entries.back().kind != LineKind::kValue)
                return std::unexpected(IniError{number, "unexpected value continuation", std::nullopt});
            Entry& last = entries.back();
            if (!last.empty) last.value += '\n';
            last.value += line.value;
            last.empty = false;
            break;
        }
    }
    IniFile file;
    for (Entry& entry : entries) {
        if (entry.kind == LineKind::kSection) {
            if (file.section(entry.name))
                return std::unexpected(IniError{entry.line, "duplicate section ", entry.name});
            file.sections_.push_back({std::move(entry.name), {}});
            continue;
        }
        if (file.sections_.empty())
            return std::unexpected(IniError{entry.line, "no section header defined", std::nullopt});
        auto& values = file.sections_.back().values;
        if (std::ranges::any_of(values, [&](const auto& value) { return value.first == entry.name; }))
            return std::unexpected(IniError{entry.line, "duplicate name ", entry.name});
        values.emplace_back(std::move(entry.name), std::move(entry.value));
    }
    return file;
}

const IniSection* IniFile::section(std::string_view name) const {
    for (const IniSection& section : sections_)
        if (section.name == name) return &section;
    return nullptr;
}

}  // namespace fastest::config
