#include "os/files.h"

#include <dirent.h>
#include <fcntl.h>
#include <fts.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace fastest::os {

namespace {
constexpr std::size_t kReadSize = 1 << 14;
}

std::optional<std::string> read_file(const std::string& path) {
    int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return std::nullopt;
    struct stat status {};
    bool sized = ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0;
    std::string bytes;
    ssize_t count = 0;
    std::size_t size = 0;
    do {  // once for a file whose size the system knows; room for one byte more shows its end
        bytes.resize(size + (sized && size == 0 ? static_cast<std::size_t>(status.st_size) + 1 : kReadSize));
        count = ::read(fd, bytes.data() + size, bytes.size() - size);
        if (count > 0) size += static_cast<std::size_t>(count);
    } while (count > 0 && (!sized || size == bytes.size()));
    int error = errno;
    ::close(fd);
    errno = error;
    if (count < 0) return std::nullopt;
    bytes.resize(size);
    return bytes;
}

bool append_file(const std::string& path, std::string_view text) {
    int fd = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0) return false;
    ssize_t count = ::write(fd, text.data(), text.size());
    ::close(fd);
    return count == static_cast<ssize_t>(text.size());
}

bool create_file(const std::string& path, std::string_view text, bool program) {
    int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, program ? 0777 : 0666);
    if (fd < 0) return false;
    ssize_t count = ::write(fd, text.data(), text.size());
    int error = count < 0 ? errno : ENOSPC;
    ::close(fd);
    if (count == static_cast<ssize_t>(text.size())) return true;
    ::unlink(path.c_str());
    errno = error;
    return false;
}

bool exists(const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0;
}

bool is_file(const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

bool is_executable(const std::string& path) { return is_file(path) && ::access(path.c_str(), X_OK) == 0; }

bool is_folder(const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

bool is_link(const std::string& path) {
    struct stat status;
    return ::lstat(path.c_str(), &status) == 0 && S_ISLNK(status.st_mode);
}

std::optional<std::string> real_path(const std::string& path) {
    char* real = ::realpath(path.c_str(), nullptr);
    if (!real) return std::nullopt;
    std::string found = real;
    std::free(real);
    return found;
}

bool is_real(const std::string& path) { return real_path(path) == path; }

std::optional<bool> is_dead_link(const std::string& path) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) return {};
    if (!S_ISLNK(status.st_mode) || ::stat(path.c_str(), &status) == 0) return false;
    return errno == ENOENT ? std::optional(true) : std::nullopt;
}

bool remove_file(const std::string& path) { return ::unlink(path.c_str()) == 0; }

bool remove_tree(const std::string& folder) {
    if (is_link(folder) || !is_folder(folder)) return false;
    std::string path = folder;
    char* const roots[] = {path.data(), nullptr};
    FTS* walk = ::fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR | FTS_NOSTAT, nullptr);
    if (!walk) return false;
    bool removed = true;
    while (FTSENT* entry = ::fts_read(walk)) {
        if (entry->fts_info == FTS_D) continue;
        int result = entry->fts_info == FTS_DP ? ::rmdir(entry->fts_accpath) : ::unlink(entry->fts_accpath);
        removed = result == 0 && removed;
    }
    return ::fts_close(walk) == 0 && removed;
}

bool can_write_in(const std::string& folder) {
    std::string path = folder + "/tmpXXXXXX";
    int fd = ::mkstemp(path.data());
    if (fd < 0) return false;
    bool written = ::write(fd, "text", 4) == 4;
    written = ::close(fd) == 0 && written;
    return ::unlink(path.c_str()) == 0 && written;
}

std::optional<double> modification_time(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return {};
    return static_cast<double>(status.st_mtim.tv_sec) + 1e-9 * static_cast<double>(status.st_mtim.tv_nsec);
}

std::optional<std::vector<std::string>> list_folder(const std::string& path) {
    DIR* folder = ::opendir(path.c_str());
    if (!folder) return std::nullopt;
    std::vector<std::string> names;
    while (dirent* entry = ::readdir(folder)) {
        std::string_view name = entry->d_name;
        if (name != "." && name != "..") names.emplace_back(name);
    }
    ::closedir(folder);
    return names;
}

}  // namespace fastest::os
