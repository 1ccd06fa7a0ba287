#pragma once
// Writing JSON (RFC 8259) on one line. Texts are UTF-8; a lone surrogate, written as Python's "surrogatepass" writes
// it, becomes its `\u` escape.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fastest::base {

/// A text with its quotes.
void append_json(std::string& out, std::string_view text);
std::string json_text(std::string_view text);

/// An object, field by field.
class JsonObject {
public:
    JsonObject& text(std::string_view name, std::string_view value);
    JsonObject& integer(std::string_view name, long long value);
    /// With six digits behind the point; null for what JSON has no number for.
    JsonObject& real(std::string_view name, double value);
    JsonObject& texts(std::string_view name, const std::vector<std::string>& values);
    JsonObject& null(std::string_view name) { return json(name, "null"); }
    /// A value that is JSON already.
    JsonObject& json(std::string_view name, std::string_view value);

    JsonObject& text_or_null(std::string_view name, const std::optional<std::string>& value) {
        return value ? text(name, *value) : null(name);
    }
    JsonObject& integer_or_null(std::string_view name, std::optional<long long> value) {
        return value ? integer(name, *value) : null(name);
    }
    /// Left out when empty.
    JsonObject& text_if_any(std::string_view name, std::string_view value) {
        return value.empty() ? *this : text(name, value);
    }

    std::string finish();

private:
    void start(std::string_view name);

    std::string out_ = "{";
};

}  // namespace fastest::base
