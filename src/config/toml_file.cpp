#include "config/toml_file.h"

#include <algorithm>

// The library asserts what malformed documents do not keep to ("[=", "[1, }"), and lets the compiler assume it in a release build.
// Here a failed assertion is an error like others.
#undef NDEBUG
namespace {
struct FailedAssertion {};
}  // namespace
#define TOML_ASSERT(expression) ((expression) ? void() : throw FailedAssertion{})
#define TOML_EXCEPTIONS 1
#include <toml++/toml.h>

namespace fastest::config {
namespace {

TomlValue convert(const toml::node& node);

bool before(const toml::source_position& a, const toml::source_position& b) {
    return a.line != b.line ? a.line < b.line : a.column < b.column;
}

TomlTable convert_table(const toml::table& table) {
    struct Member {
        toml::source_position at;
        std::string key;
        const toml::node* node;
    };
    std::vector<Member> members;
    for (auto&& [key, node] : table) members.push_back({key.source().begin, std::string(key.str()), &node});
    std::ranges::stable_sort(members, [](const Member& a, const Member& b) { return before(a.at, b.at); });
    TomlTable out;
    for (Member& m : members) out.emplace_back(std::move(m.key), convert(*m.node));
    return out;
}

TomlValue convert(const toml::node& node) {
    if (auto* table = node.as_table()) return {convert_table(*table)};
    if (auto* array = node.as_array()) {
        TomlArray out;
        for (auto&& item : *array) out.push_back(convert(item));
        return {std::move(out)};
    }
    if (auto* value = node.as_string()) return {value->get()};
    if (auto* value = node.as_boolean()) return {value->get()};
    if (auto* value = node.as_integer()) return {value->get()};
    if (auto* value = node.as_floating_point()) return {value->get()};
    return {TomlMoment{}};
}

}  // namespace

const TomlValue* member(const TomlTable& table, std::string_view key) {
    for (const auto& [name, value] : table)
        if (name == key) return &value;
    return nullptr;
}

std::optional<TomlTable> parse_toml(std::string_view text) {
    if (text.find('\r') != std::string_view::npos) return std::nullopt;
    try {
        return convert_table(toml::parse(text));
    } catch (const toml::parse_error&) {
        return std::nullopt;
    } catch (const FailedAssertion&) {
        return std::nullopt;
    }
}

}  // namespace fastest::config
