#include "report/excerpt.h"

#include <algorithm>
#include <cctype>

#include "base/text.h"

namespace fastest::report {
namespace {

bool is_hex(char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t end_of(std::string_view text, std::size_t start, bool (*matches)(char)) {
    while (start < text.size() && matches(text[start])) ++start;
    return start;
}

std::string note_of_missing(std::size_t count, const char* what) {
    return "... (" + std::to_string(count) + " more " + what + (count == 1 ? ")" : "s)");
}

/// Whether a line of a traceback is the failing one, the error, or a place (`file.py:12: ...`).
bool is_telling(std::string_view line) {
    if (line.starts_with("E ") || line == "E" || line.starts_with(">")) return true;
    if (line.empty() || line.front() == ' ') return false;
    std::size_t colon = line.find(':');
    return colon != std::string_view::npos && colon + 1 < line.size() && is_digit(line[colon + 1]);
}

std::vector<std::string> within(const std::vector<std::string_view>& lines, std::size_t most) {
    std::vector<std::string> kept;
    if (lines.size() <= most) {
        kept.assign(lines.begin(), lines.end());
        return kept;
    }
    // What failed first stands above, what went wrong at last below.
    std::size_t shown = most > 1 ? most - 1 : 1, above = shown / 2, below = shown - above;
    kept.assign(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(above));
    kept.push_back(note_of_missing(lines.size() - shown, "line"));
    kept.insert(kept.end(), lines.end() - static_cast<std::ptrdiff_t>(below), lines.end());
    return kept;
}

}  // namespace

std::string without_accidents(std::string_view text) {
    constexpr std::string_view address = "0x", folder = "pytest-";
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        std::string_view rest = text.substr(at);
        if (rest.starts_with(address)) {
            std::size_t end = end_of(rest, address.size(), is_hex);
            out += end >= address.size() + 6 ? "0x..." : rest.substr(0, end);
            at += end;
        } else if (rest.starts_with(folder) && at > 0 && text[at - 1] == '/') {
            std::size_t end = end_of(rest, folder.size(), is_digit);
            out += end > folder.size() ? "pytest-N" : folder;
            at += end;
        } else {
            out += rest.front();
            ++at;
        }
    }
    return out;
}

std::string shortened(std::string_view line, std::size_t most) {
    if (line.size() <= most) return std::string(line);
    while (most > 0 && (static_cast<unsigned char>(line[most]) & 0xC0) == 0x80) --most;
    return std::string(line.substr(0, most)) + note_of_missing(line.size() - most, "byte");
}

std::vector<std::string> excerpt_of_traceback(std::string_view traceback, std::size_t most) {
    std::vector<std::string_view> lines = base::split_lines(traceback);
    if (lines.size() > most) {
        std::vector<std::string_view> telling;
        std::ranges::copy_if(lines, std::back_inserter(telling), is_telling);
        bool names_error = std::ranges::any_of(telling, [](std::string_view line) { return line.starts_with('E'); });
        if (names_error) lines = std::move(telling);
    }
    return within(lines, most);
}

std::vector<std::string> last_lines(std::string_view text, std::size_t most) {
    std::vector<std::string_view> lines = base::split_lines(text);
    std::vector<std::string> kept;
    std::size_t shown = std::min(lines.size(), most);
    if (shown < lines.size()) kept.push_back(note_of_missing(lines.size() - shown, "line"));
    kept.insert(kept.end(), lines.end() - static_cast<std::ptrdiff_t>(shown), lines.end());
    return kept;
}

std::string quoted_for_shell(std::string_view word) {
    auto is_safe = [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
               std::string_view("@%+=:,./-_").find(c) != std::string_view::npos;
    };
    if (!word.empty() && std::ranges::all_of(word, is_safe)) return std::string(word);
    std::string out = "'";
    for (char c : word) {
        if (c == '\'')
            out += "'\"'\"'";
        else
            out += c;
    }
    return out + "'";
}

}  // namespace fastest::report
