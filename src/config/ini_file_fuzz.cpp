// Any text is an ini file or gives an error with the number of one of its lines; what was read is found under its name.

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "config/ini_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view text(reinterpret_cast<const char*>(data), size);
    auto file = fastest::config::IniFile::parse(text);
    if (!file) {
        auto lines = static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r' || c < ' ' || c & 0x80; }));
        if (file.error().line == 0 || file.error().line > lines + 1 || file.error().message.empty()) std::abort();
        return 0;
    }
    if (const auto* section = file->section("pytest"); section && section->name != "pytest") std::abort();
    return 0;
}
