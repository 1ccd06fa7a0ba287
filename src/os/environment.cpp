#include "os/environment.h"

#include <cstdlib>
#include <cstring>

namespace fastest::os {

std::optional<std::string> environment(const char* name) {
    const char* value = std::getenv(name);
    return value ? std::optional<std::string>(value) : std::nullopt;
}

EnvironmentVariable::EnvironmentVariable(std::string_view name)
    : name_size_(name.size()), name_(static_cast<char*>(std::malloc(name.size() + 1))) {
    if (!name_) return;
    std::memcpy(name_, name.data(), name.size());
    name_[name.size()] = '\0';
}

#ifdef _WIN32

bool EnvironmentVariable::set(std::string_view value) {
    return name_ && _putenv_s(name_, std::string(value).c_str()) == 0;
}

void EnvironmentVariable::unset() {
    if (name_) _putenv_s(name_, "");
}

#else

bool EnvironmentVariable::set(std::string_view value) {
    if (!name_) return false;
    std::size_t needed = name_size_ + value.size() + 2;
    const char* now = std::getenv(name_);
    bool ours = entry_ && now == entry_ + name_size_ + 1;
    if (ours && needed <= capacity_) {
        std::memcpy(entry_ + name_size_ + 1, value.data(), value.size());
        entry_[needed - 1] = '\0';
        return true;
    }
    std::size_t capacity = needed < 256 ? 256 : 2 * needed;
    // The old buffer stays: the environment may still refer to it, or a copy of its pointers.
    char* entry = needed <= capacity_ ? entry_ : static_cast<char*>(std::malloc(capacity));
    if (!entry) return false;
    if (entry != entry_) capacity_ = capacity;
    entry_ = entry;
    std::memcpy(entry_, name_, name_size_);
    entry_[name_size_] = '=';
    std::memcpy(entry_ + name_size_ + 1, value.data(), value.size());
    entry_[needed - 1] = '\0';
    return putenv(entry_) == 0;
}

void EnvironmentVariable::unset() {
    if (name_) unsetenv(name_);
}

#endif

}  // namespace fastest::os
