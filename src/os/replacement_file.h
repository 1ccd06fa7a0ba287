#pragma once
// A file that takes the place of another one when it is complete.

#include <optional>
#include <string>
#include <string_view>

namespace fastest::os {

/// It stands in the same folder until then, under a name of its own, and is removed when it is not committed.
class ReplacementFile {
public:
    /// For an existing regular file that belongs to this user and has no other name. Nothing when there can be none.
    static std::optional<ReplacementFile> create(const std::string& path);
    ReplacementFile(ReplacementFile&& other) noexcept;
    ReplacementFile(const ReplacementFile&) = delete;
    ~ReplacementFile();

    /// Whether all was written so far; after a failure nothing more is.
    bool write(std::string_view text);
    /// Puts it in the other's place.
    bool commit();

private:
    ReplacementFile(int fd, std::string own_path, std::string path);

    int fd_;
    std::string own_path_, path_;
    bool good_ = true;
};

}  // namespace fastest::os
