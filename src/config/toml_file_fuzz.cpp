// Any text is a TOML document or none; keys are unique within each table, and `member` finds them.

#include <cstdint>
#include <cstdlib>

#include "config/toml_file.h"

namespace {

using namespace fastest::config;

void check(const TomlValue& value);

void check(const TomlTable& table) {
    for (const auto& [key, value] : table) {
        if (member(table, key) != &value) std::abort();
        check(value);
    }
}

void check(const TomlValue& value) {
    if (const TomlTable* table = value.table()) check(*table);
    if (const auto* array = std::get_if<TomlArray>(&value.value))
        for (const TomlValue& element : *array) check(element);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (auto document = parse_toml({reinterpret_cast<const char*>(data), size})) check(*document);
    return 0;
}
