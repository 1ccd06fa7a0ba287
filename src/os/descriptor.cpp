#include "os/descriptor.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace fastest::os {
namespace {

int result(int value) { return value < 0 ? -errno : value; }

int file_in_temporary_folder() {
    const char* folder = std::getenv("TMPDIR");
    std::string path = std::string(folder && *folder ? folder : "/tmp") + "/fastest-XXXXXX";
    int fd = ::mkostemp(path.data(), O_CLOEXEC);
    if (fd >= 0) ::unlink(path.c_str());
    return result(fd);
}

/// The bytes and the offset. Reads by position: the offset of `from` stays.
int copy_file(int from, int to) {
    off_t offset = ::lseek(from, 0, SEEK_CUR), at = 0;
    if (offset < 0) return -errno;
    char buffer[16384];
    for (;;) {
        ssize_t count = ::pread(from, buffer, sizeof buffer, at);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return -errno;
        if (count == 0) break;
        if (int status = write_all(to, {buffer, static_cast<std::size_t>(count)}); status < 0) return status;
        at += count;
    }
    return ::lseek(to, offset, SEEK_SET) < 0 ? -errno : 0;
}

}  // namespace

bool is_open(int fd) {
    struct stat status{};
    return ::fstat(fd, &status) == 0;
}

OpenFile open_file(int fd) {
    struct stat status{};
    if (::fstat(fd, &status) != 0) return {};
    return {static_cast<unsigned long long>(status.st_dev), static_cast<unsigned long long>(status.st_ino),
            static_cast<long long>(status.st_size)};
}

long long seek_to_end(int fd) {
    off_t size = ::lseek(fd, 0, SEEK_END);
    return size < 0 ? -errno : static_cast<long long>(size);
}

bool is_terminal(int fd) { return ::isatty(fd) == 1; }

int duplicate(int fd) { return result(::fcntl(fd, F_DUPFD_CLOEXEC, 0)); }

int duplicate_to(int from, int to) { return result(::dup2(from, to)); }

int open_null() { return result(::open("/dev/null", O_RDWR | O_CLOEXEC)); }

int unnamed_file() {
#ifdef MFD_CLOEXEC
    int fd = ::memfd_create("captured", MFD_CLOEXEC);
    if (fd >= 0) return fd;
#endif
    return file_in_temporary_folder();
}

int replace_by_own(int fd, Contents contents) {
    int own = unnamed_file();
    if (own < 0) return own;
    int status = contents == Contents::kKept ? copy_file(fd, own) : 0;
    if (status == 0) status = result(::dup2(own, fd));
    if (status >= 0) status = result(::fcntl(fd, F_SETFD, FD_CLOEXEC));
    ::close(own);
    return status < 0 ? status : 0;
}

int close(int fd) { return result(::close(fd)); }

int take_all(int fd, std::string& bytes) {
    off_t size = ::lseek(fd, 0, SEEK_END);
    if (size < 0) return -errno;
    if (size == 0) return 0;
    if (::lseek(fd, 0, SEEK_SET) < 0) return -errno;
    bytes.reserve(static_cast<std::size_t>(size));
    char buffer[16384];
    for (;;) {
        ssize_t count = ::read(fd, buffer, sizeof buffer);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return -errno;
        if (count == 0) break;
        bytes.append(buffer, static_cast<std::size_t>(count));
    }
    if (::lseek(fd, 0, SEEK_SET) < 0 || ::ftruncate(fd, 0) < 0) return -errno;
    return 0;
}

int write_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        ssize_t count = ::write(fd, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return -errno;
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return 0;
}

}  // namespace fastest::os
