#include "base/text.h"

#include <cstdint>

namespace fastest::base {
namespace {

/// The code point that starts at `text` and its length in bytes. Bytes that are not UTF-8 stand for themselves.
struct Point {
    char32_t value;
    std::size_t size;
};

Point first_point(std::string_view text) {
    auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    std::uint8_t lead = byte(0);
    auto more = [&](std::size_t i) { return static_cast<char32_t>(byte(i) & 0x3F); };
    if (lead >= 0xC0 && lead < 0xE0 && text.size() >= 2) return {(lead & 0x1Fu) << 6 | more(1), 2};
    if (lead >= 0xE0 && lead < 0xF0 && text.size() >= 3) return {(lead & 0x0Fu) << 12 | more(1) << 6 | more(2), 3};
    if (lead >= 0xF0 && text.size() >= 4) return {(lead & 0x07u) << 18 | more(1) << 12 | more(2) << 6 | more(3), 4};
    return {lead, 1};
}

bool is_line_end(char32_t c) {
    return (c >= 0x0A && c <= 0x0D) || (c >= 0x1C && c <= 0x1E) || c == 0x85 || c == 0x2028 || c == 0x2029;
}

/// Where the last code point of a text starts.
std::size_t last_start(std::string_view text) {
    std::size_t at = text.size() - 1;
    while (at > 0 && text.size() - at < 4 && (static_cast<std::uint8_t>(text[at]) & 0xC0) == 0x80) --at;
    return at;
}

}  // namespace

bool is_space(char32_t c) {
    if (c < 0x80) return (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x20);
    return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 ||
           c == 0x202F || c == 0x205F || c == 0x3000;
}

std::string_view strip_left(std::string_view text) {
    while (!text.empty()) {
        Point point = first_point(text);
        if (!is_space(point.value)) break;
        text.remove_prefix(point.size);
    }
    return text;
}

std::string_view strip_right(std::string_view text) {
    while (!text.empty()) {
        std::size_t at = last_start(text);
        if (!is_space(first_point(text.substr(at)).value)) break;
        text = text.substr(0, at);
    }
    return text;
}

std::string_view strip(std::string_view text) { return strip_right(strip_left(text)); }

std::vector<std::string_view> split_lines(std::string_view text) {
    std::vector<std::string_view> lines;
    std::size_t start = 0, at = 0;
    while (at < text.size()) {
        Point point = first_point(text.substr(at));
        std::size_t end = at;
        at += point.size;
        if (!is_line_end(point.value)) continue;
        if (point.value == '\r' && at < text.size() && text[at] == '\n') ++at;
        lines.push_back(text.substr(start, end - start));
        start = at;
    }
    if (start < text.size()) lines.push_back(text.substr(start));
    return lines;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    while (true) {
        std::size_t at = text.find(separator);
        parts.push_back(text.substr(0, at));
        if (at == std::string_view::npos) return parts;
        text.remove_prefix(at + 1);
    }
}

std::string lower_ascii(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    return out;
}

}  // namespace fastest::base
