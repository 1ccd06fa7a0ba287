#include "os/search.h"

#include <cstdlib>

#include "os/files.h"

namespace fastest::os {

std::optional<std::string> find_program(std::string_view name) {
    const char* path = std::getenv("PATH");
    std::string_view rest = path ? path : "/usr/local/bin:/usr/bin:/bin";
    while (true) {
        std::string_view folder = rest.substr(0, rest.find(':'));
        std::string candidate = std::string(folder.empty() ? "." : folder) + "/" + std::string(name);
        if (is_executable(candidate)) return candidate;
        if (folder.size() == rest.size()) return std::nullopt;
        rest.remove_prefix(folder.size() + 1);
    }
}

}  // namespace fastest::os
