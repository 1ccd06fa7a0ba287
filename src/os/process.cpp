#include "os/process.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "os/search.h"

namespace fastest::os {

std::string program_path(std::string_view argv0) {
    char buffer[4096];
    ssize_t size = readlink("/proc/self/exe", buffer, sizeof buffer);
    if (size > 0 && static_cast<std::size_t>(size) < sizeof buffer) return {buffer, static_cast<std::size_t>(size)};
    if (argv0.find('/') != std::string_view::npos) return std::string(argv0);
    return find_program(argv0).value_or(std::string());
}

std::string become(const std::string& program, const std::vector<std::string>& arguments) {
    std::vector<char*> argv;
    for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    execv(program.c_str(), argv.data());
    return std::strerror(errno);
}

}  // namespace fastest::os
