#include "base/logical_lines.h"

namespace fastest::base {
namespace {

using namespace std::literals;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Whether letters before a quote make an f-string (or a template string) of it.
bool is_formatted(std::string_view line, std::size_t quote) {
    for (std::size_t at = quote; at > 0 && is_letter(line[at - 1]); --at)
        if ("fFtT"sv.find(line[at - 1]) != std::string_view::npos) return true;
    return false;
}

}  // namespace

bool LogicalLines::take(std::string_view line) {
    if (line.find_first_of("\r\n\0"sv) != std::string_view::npos) return false;
    std::size_t start = line.find_first_not_of(" \t\f");
    bool empty = start == std::string_view::npos || line[start] == '#';
    begins_ = !empty && depth_ == 0 && quote_.empty() && !continued_;
    continued_ = false;
    return take_code(line, 0);
}

bool LogicalLines::take_code(std::string_view line, std::size_t at) {
    if (!quote_.empty() && !read_string(line, at)) return false;
    while (at < line.size()) {
        switch (line[at]) {
            case '#':
                return true;
            case '(':
            case '[':
            case '{':
                ++depth_;
                ++at;
                break;
            case ')':
            case ']':
            case '}':
                if (depth_-- == 0) return false;
                ++at;
                break;
            case '\\':
                continued_ = true;
                return at + 1 == line.size();
            case '"':
            case '\'':
                if (!open_string(line, at) || !read_string(line, at)) return false;
                break;
            default:
                ++at;
        }
    }
    return true;
}

bool LogicalLines::open_string(std::string_view line, std::size_t& at) {
    std::string_view rest = line.substr(at);
    quote_ = rest[0] == '"' ? "\"\"\""sv : "'''"sv;
    if (!rest.starts_with(quote_)) quote_ = quote_.substr(0, 1);
    bool may_nest = quote_.size() == 3 || rest.ends_with('\\') || rest.find('{') != std::string_view::npos;
    bool nests = nested_quotes_ && may_nest && is_formatted(line, at);
    at += quote_.size();
    return !nests;
}

bool LogicalLines::read_string(std::string_view line, std::size_t& at) {
    bool escaped = false;
    for (; at < line.size(); ++at) {
        if (!escaped && line.substr(at).starts_with(quote_)) {
            at += quote_.size();
            quote_ = {};
            return true;
        }
        escaped = !escaped && line[at] == '\\';
    }
    return escaped || quote_.size() == 3;
}

}  // namespace fastest::base
