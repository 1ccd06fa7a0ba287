#include "os/libraries.h"

#ifdef __linux__
#include <link.h>
#endif

namespace fastest::os {

std::optional<std::vector<std::string>> loaded_libraries() {
#ifdef __linux__
    std::vector<std::string> paths;
    auto add = [](dl_phdr_info* library, std::size_t, void* list) {
        static_cast<std::vector<std::string>*>(list)->emplace_back(library->dlpi_name ? library->dlpi_name : "");
        return 0;
    };
    dl_iterate_phdr(add, &paths);
    return paths;
#else
    return {};
#endif
}

}  // namespace fastest::os
