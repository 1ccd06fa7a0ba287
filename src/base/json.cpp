#include "base/json.h"

#include <cmath>
#include <cstdint>
#include <cstdio>

namespace fastest::base {
namespace {

void append_escape(std::string& out, unsigned code) {
    char escape[8];
    std::snprintf(escape, sizeof escape, "\\u%04x", code);
    out += escape;
}

/// What stands for itself, whatever comes after it.
bool is_plain(char c) {
    auto byte = static_cast<std::uint8_t>(c);
    return byte >= 0x20 && c != '"' && c != '\\' && byte != 0xED;
}

void append_ascii(std::string& out, char c) {
    constexpr std::string_view meanings = "\"\\\b\f\n\r\t", names = "\"\\bfnrt";
    if (std::size_t index = meanings.find(c); index != std::string_view::npos) {
        out += '\\';
        out += names[index];
    } else if (static_cast<std::uint8_t>(c) < 0x20) {
        append_escape(out, static_cast<std::uint8_t>(c));
    } else {
        out += c;
    }
}

/// The code of the surrogate that stands at `at`; 0 when there is none.
unsigned surrogate_at(std::string_view text, std::size_t at) {
    auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[at + i]); };
    if (at + 2 >= text.size() || byte(0) != 0xED || byte(1) < 0xA0) return 0;
    return 0xD000u | (byte(1) & 0x3Fu) << 6 | (byte(2) & 0x3Fu);
}

}  // namespace

void append_json(std::string& out, std::string_view text) {
    out += '"';
    for (std::size_t at = 0, end; at < text.size(); at = end) {
        for (end = at; end < text.size() && is_plain(text[end]);) ++end;
        out.append(text, at, end - at);
        if (end == text.size()) break;
        if (unsigned code = surrogate_at(text, end)) {
            append_escape(out, code);
            end += 3;
        } else {
            append_ascii(out, text[end++]);
        }
    }
    out += '"';
}

std::string json_text(std::string_view text) {
    std::string out;
    append_json(out, text);
    return out;
}

void JsonObject::start(std::string_view name) {
    if (out_.size() > 1) out_ += ',';
    append_json(out_, name);
    out_ += ':';
}

JsonObject& JsonObject::text(std::string_view name, std::string_view value) {
    start(name);
    append_json(out_, value);
    return *this;
}

JsonObject& JsonObject::integer(std::string_view name, long long value) {
    start(name);
    out_ += std::to_string(value);
    return *this;
}

JsonObject& JsonObject::real(std::string_view name, double value) {
    constexpr double kScale = 1e6, kMost = 9e12;
    if (!std::isfinite(value)) return null(name);
    start(name);
    char digits[352];
    if (std::abs(value) < kMost) {  // quicker than printf with a fraction
        long long millionths = std::llround(value * kScale), whole = millionths / 1'000'000;
        std::snprintf(digits, sizeof digits, "%s%lld.%06lld", millionths < 0 && whole == 0 ? "-" : "", whole,
                      std::abs(millionths % 1'000'000));
    } else {
        std::snprintf(digits, sizeof digits, "%.6f", value);
    }
    out_ += digits;
    return *this;
}

JsonObject& JsonObject::texts(std::string_view name, const std::vector<std::string>& values) {
    start(name);
    out_ += '[';
    for (const std::string& value : values) {
        if (&value != &values.front()) out_ += ',';
        append_json(out_, value);
    }
    out_ += ']';
    return *this;
}

JsonObject& JsonObject::json(std::string_view name, std::string_view value) {
    start(name);
    out_ += value;
    return *this;
}

std::string JsonObject::finish() {
    out_ += '}';
    return std::move(out_);
}

}  // namespace fastest::base
