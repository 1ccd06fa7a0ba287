#include "os/line_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "os/descriptor.h"

namespace fastest::os {

LineFile::LineFile(int fd) : fd_(fd), owner_(::getpid()) {}

LineFile::LineFile(LineFile&& other) noexcept : fd_(std::exchange(other.fd_, -1)), owner_(other.owner_) {}

LineFile::~LineFile() {
    if (fd_ >= 0) ::close(fd_);
}

LineFile LineFile::create(const std::string& path, std::string& error) {
    int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666);
    if (fd < 0) error = std::strerror(errno);
    return LineFile(fd);
}

bool LineFile::write(std::string_view lines) {
    if (fd_ < 0 || owner_ != ::getpid()) return false;
    int status = write_all(fd_, lines);
    if (status == 0) return true;
    error_ = std::strerror(-status);
    ::close(std::exchange(fd_, -1));
    return false;
}

}  // namespace fastest::os
