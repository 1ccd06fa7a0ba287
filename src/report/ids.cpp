#include "report/ids.h"

namespace fastest::report {
namespace {

constexpr std::string_view kBetween = "::";

/// Where the last part begins, past the separator: 0 when there is only one.
std::size_t last_part(std::string_view id) {
    // Parameters may hold separators; a file's name may hold brackets.
    std::size_t first = id.find(kBetween);
    if (first == std::string_view::npos) return 0;
    std::size_t found = id.rfind(kBetween, id.find('[', first));
    return found + kBetween.size();
}

}  // namespace

std::string_view label_of(std::string_view id) { return id.substr(last_part(id)); }

std::string_view file_of(std::string_view id) { return id.substr(0, id.find(kBetween)); }

std::vector<std::string> parents_of(std::string_view id) {
    std::vector<std::string> parents;
    std::size_t end = last_part(id);
    if (end == 0) return parents;
    for (std::size_t start = 0; start < end;) {
        std::size_t next = id.find(kBetween, start);
        parents.emplace_back(id.substr(start, next - start));
        start = next + kBetween.size();
    }
    return parents;
}

}  // namespace fastest::report
