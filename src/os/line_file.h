#pragma once
// A file to which whole lines are appended as things happen.

#include <string>
#include <string_view>

namespace fastest::os {

/// What one call appends is in the file when the call is over, also when the process is killed then. A kill during the
/// call can only cut it between two pages, so a line shorter than a page is there or is not.
///
/// The file belongs to the process that made it: another one that comes to have it by a fork writes nothing.
class LineFile {
public:
    /// Makes the file, or empties it. On failure the file is not open, and `error` has the system's words.
    static LineFile create(const std::string& path, std::string& error);
    LineFile(LineFile&& other) noexcept;
    LineFile(const LineFile&) = delete;
    ~LineFile();

    bool is_open() const { return fd_ >= 0; }
    /// False when not all could be written; from then on nothing is.
    bool write(std::string_view lines);
    /// The system's words for what failed, empty when nothing did.
    const std::string& error() const { return error_; }

private:
    explicit LineFile(int fd);

    int fd_;
    long long owner_;
    std::string error_;
};

}  // namespace fastest::os
