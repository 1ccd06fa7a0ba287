#include "os/replacement_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <utility>

#include "os/descriptor.h"
#include "os/files.h"

namespace fastest::os {

ReplacementFile::ReplacementFile(int fd, std::string own_path, std::string path)
    : fd_(fd), own_path_(std::move(own_path)), path_(std::move(path)) {}

ReplacementFile::ReplacementFile(ReplacementFile&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      own_path_(std::move(other.own_path_)),
      path_(std::move(other.path_)),
      good_(other.good_) {}

ReplacementFile::~ReplacementFile() {
    if (fd_ < 0) return;
    ::close(fd_);
    ::unlink(own_path_.c_str());
}

std::optional<ReplacementFile> ReplacementFile::create(const std::string& path) {
    std::optional<std::string> real = real_path(path);
    struct stat status {};
    if (!real || ::stat(real->c_str(), &status) != 0 || !S_ISREG(status.st_mode) || status.st_nlink != 1 ||
        status.st_uid != ::geteuid())
        return std::nullopt;
    std::string own_path = *real + ".XXXXXX";
    int fd = ::mkostemp(own_path.data(), O_CLOEXEC);
    if (fd < 0) return std::nullopt;
    ReplacementFile file(fd, std::move(own_path), *real);
    if (::fchmod(fd, status.st_mode & 07777) != 0) return std::nullopt;
    return file;
}

bool ReplacementFile::write(std::string_view text) {
    good_ = good_ && write_all(fd_, text) == 0;
    return good_;
}

bool ReplacementFile::commit() {
    if (!good_ || ::rename(own_path_.c_str(), path_.c_str()) != 0) return false;
    ::close(std::exchange(fd_, -1));
    return true;
}

}  // namespace fastest::os
