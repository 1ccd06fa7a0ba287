#include "os/closed_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "os/descriptor.h"

namespace fastest::os {
namespace {

constexpr std::size_t kChunk = 1 << 20;

bool write_at(int fd, long long offset, std::string_view text) {
    while (!text.empty()) {
        ssize_t count = ::pwrite(fd, text.data(), text.size(), static_cast<off_t>(offset));
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(count));
        offset += count;
    }
    return true;
}

bool copy_contents(const ClosedFile& from, int to, long long size) {
    for (long long done = 0; done < size;) {
        std::string chunk = from.read(done, kChunk);
        if (chunk.empty() || !write_at(to, done, chunk)) return false;
        done += static_cast<long long>(chunk.size());
    }
    return true;
}

}  // namespace

ClosedFile::ClosedFile(int fd, std::string closing) : fd_(fd), owner_(::getpid()), closing_(std::move(closing)) {}

ClosedFile::ClosedFile(ClosedFile&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      owner_(other.owner_),
      end_(other.end_),
      closing_(std::move(other.closing_)),
      named_(other.named_) {}

ClosedFile& ClosedFile::operator=(ClosedFile&& other) noexcept {
    std::swap(fd_, other.fd_);
    owner_ = other.owner_;
    end_ = other.end_;
    std::swap(closing_, other.closing_);
    named_ = other.named_;
    return *this;
}

ClosedFile::~ClosedFile() {
    if (fd_ >= 0) ::close(fd_);
}

std::optional<ClosedFile> ClosedFile::create(const std::string& path, std::string_view head, std::string closing) {
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) return std::nullopt;
    int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NONBLOCK, 0666);
    if (fd < 0) return std::nullopt;
    ClosedFile file(fd, std::move(closing));
    file.named_ = true;
    return file.start(head) ? std::optional(std::move(file)) : std::nullopt;
}

std::optional<ClosedFile> ClosedFile::unnamed(std::string_view head, std::string closing) {
    int fd = unnamed_file();
    if (fd < 0) return std::nullopt;
    ClosedFile file(fd, std::move(closing));
    return file.start(head) ? std::optional(std::move(file)) : std::nullopt;
}

bool ClosedFile::start(std::string_view head) {
    if (!write_closed(0, head)) return false;
    end_ = static_cast<long long>(head.size());
    return true;
}

bool ClosedFile::write_closed(long long offset, std::string_view text) const {
    std::string closed;
    closed.reserve(text.size() + closing_.size());
    closed.append(text).append(closing_);
    return write_at(fd_, offset, closed);
}

/// Takes back what a write that failed has left.
void ClosedFile::close_again() const {
    long long size = end_ + static_cast<long long>(closing_.size());
    if (write_at(fd_, end_, closing_)) (void)!::ftruncate(fd_, static_cast<off_t>(size));
}

/// Whether the file may be written by this process.
bool ClosedFile::ready() { return owner_ == ::getpid() || leave_name(); }

bool ClosedFile::append(std::string_view text) {
    if (!ready()) return false;
    if (!write_closed(end_, text)) {
        close_again();
        if (!named_ || !leave_name() || !write_closed(end_, text)) return false;
    }
    end_ += static_cast<long long>(text.size());
    return true;
}

void ClosedFile::replace_head(std::string_view head) {
    if (ready()) write_at(fd_, 0, head);
}

std::string ClosedFile::read(long long offset, std::size_t size) const {
    std::string text(size, '\0');
    std::size_t done = 0;
    while (done < size) {
        ssize_t count =
            ::pread(fd_, text.data() + done, size - done, static_cast<off_t>(offset) + static_cast<off_t>(done));
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) break;
        done += static_cast<std::size_t>(count);
    }
    text.resize(done);
    return text;
}

bool ClosedFile::is_at(const std::string& path) const {
    struct stat there {};
    if (!named_ || ::stat(path.c_str(), &there) != 0) return false;
    OpenFile own = open_file(fd_);
    return own.same_file(
        {static_cast<unsigned long long>(there.st_dev), static_cast<unsigned long long>(there.st_ino), 0});
}

bool ClosedFile::leave_name() {
    int copy = unnamed_file();
    if (copy < 0) return false;
    if (!copy_contents(*this, copy, end_) || !write_at(copy, end_, closing_)) {
        ::close(copy);
        return false;
    }
    ::close(fd_);
    fd_ = copy;
    owner_ = ::getpid();
    named_ = false;
    return true;
}

}  // namespace fastest::os
