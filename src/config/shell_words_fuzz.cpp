// Any line splits into words or gives an error; the words in quotes split into the same words.

#include <cstdint>
#include <cstdlib>

#include "config/shell_words.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using fastest::config::shell_words;
    auto words = shell_words({reinterpret_cast<const char*>(data), size});
    if (!words) {
        if (words.error().empty()) std::abort();
        return 0;
    }
    std::string line;
    for (const std::string& word : *words) {
        line += " '";
        for (char c : word) line += c == '\'' ? std::string("'\"'\"'") : std::string(1, c);
        line += "'";
    }
    if (shell_words(line) != words) std::abort();
    return 0;
}
