#pragma once
// The environment of the process.

#include <optional>
#include <string>
#include <string_view>

namespace fastest::os {

/// The value of a variable; nothing when unset.
std::optional<std::string> environment(const char* name);

/// A variable that changes all the time. `setenv` keeps every value it ever got; this one has a single buffer, which
/// the environment refers to from the first `set` on. It belongs to the process, so there is one instance for each
/// name, never destroyed.
class EnvironmentVariable {
public:
    explicit EnvironmentVariable(std::string_view name);
    /// False when there is no memory for it. The value must not contain NUL.
    bool set(std::string_view value);
    void unset();

private:
    std::size_t name_size_;
    std::size_t capacity_ = 0;
    char* name_;
    char* entry_ = nullptr;  // "NAME=value"
};

}  // namespace fastest::os
