#pragma once
// A text file that is whole whenever the process dies.

#include <optional>
#include <string>
#include <string_view>

namespace fastest::os {

/// What is appended goes in front of a closing text, both in one write: a reader finds the document closed after each.
/// A kill can only come between two pages of a write, so what is shorter than a page is there or is not.
///
/// Another process that comes to have it by a fork goes on with a copy of its own, which has no name.
class ClosedFile {
public:
    /// Makes the file, or empties an existing regular one. Nothing when that cannot be done.
    static std::optional<ClosedFile> create(const std::string& path, std::string_view head, std::string closing);
    /// The same without a name. Nothing when the system has no memory for it.
    static std::optional<ClosedFile> unnamed(std::string_view head, std::string closing);
    ClosedFile(ClosedFile&& other) noexcept;
    ClosedFile& operator=(ClosedFile&& other) noexcept;
    ~ClosedFile();

    /// Where the next text will stand, in bytes from the start.
    long long end() const { return end_; }
    /// Appends a text. When the file cannot be written any longer (a full disk), the contents go to an unnamed one;
    /// false when that fails as well.
    bool append(std::string_view text);
    /// Writes over the head with one of the same size. What fails is left.
    void replace_head(std::string_view head);
    /// The text that was appended at `offset`; fewer bytes than `size` when it cannot be read.
    std::string read(long long offset, std::size_t size) const;
    /// Whether this path leads to the file.
    bool is_at(const std::string& path) const;
    /// Goes on with an unnamed copy. False, with nothing done, when there can be none.
    bool leave_name();

private:
    ClosedFile(int fd, std::string closing);
    bool start(std::string_view head);
    bool write_closed(long long offset, std::string_view text) const;
    void close_again() const;
    bool ready();

    int fd_ = -1;
    long long owner_ = 0;  // the process that writes to it
    long long end_ = 0;
    std::string closing_;
    bool named_ = false;
};

}  // namespace fastest::os
