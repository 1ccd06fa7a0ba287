#include "engine/collect/glob.h"

namespace fastest::collect {
namespace {

std::size_t character_size(std::string_view text, std::size_t at) {
    std::size_t end = at + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
    return end - at;
}

}  // namespace

std::optional<bool> match_simple_glob(std::string_view pattern, std::string_view name) {
#ifdef _WIN32
    return std::nullopt;
#endif
    if (pattern.find('[') != std::string_view::npos) return std::nullopt;
    std::size_t p = 0, n = 0;
    std::size_t star = std::string_view::npos, resume = 0;  // where to take up again when the rest after a star fails
    while (n < name.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            resume = n;
        } else if (p < pattern.size() && pattern[p] == '?') {
            ++p;
            n += character_size(name, n);
        } else if (p < pattern.size() && pattern[p] == name[n]) {
            ++p;
            ++n;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            resume += character_size(name, resume);
            n = resume;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') ++p;
    return p == pattern.size();
}

}  // namespace fastest::collect
