#include "os/process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "os/search.h"

namespace fastest::os {
namespace {

/// For the system's calls, which take them without const and change nothing.
std::vector<char*> null_terminated(const std::vector<std::string>& arguments) {
    std::vector<char*> argv;
    for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    return argv;
}

}  // namespace

std::string program_path(std::string_view argv0) {
    char buffer[4096];
    ssize_t size = readlink("/proc/self/exe", buffer, sizeof buffer);
    if (size > 0 && static_cast<std::size_t>(size) < sizeof buffer) return {buffer, static_cast<std::size_t>(size)};
    if (argv0.find('/') != std::string_view::npos) return std::string(argv0);
    return find_program(argv0).value_or(std::string());
}

std::string become(const std::string& program, const std::vector<std::string>& arguments) {
    execv(program.c_str(), null_terminated(arguments).data());
    return std::strerror(errno);
}

std::optional<std::string> output_of(const std::string& program, const std::vector<std::string>& arguments) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return std::nullopt;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    pid_t child;
    int failed = posix_spawn(&child, program.c_str(), &actions, nullptr, null_terminated(arguments).data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    std::string output;
    char buffer[4096];
    for (ssize_t size; !failed && (size = read(ends[0], buffer, sizeof buffer)) != 0;) {
        if (size > 0)
            output.append(buffer, static_cast<std::size_t>(size));
        else if (errno != EINTR)
            break;
    }
    close(ends[0]);
    if (failed) return std::nullopt;
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return std::nullopt;
    return output;
}

}  // namespace fastest::os
