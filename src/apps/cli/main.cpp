// The program `fastest`: answers what needs no Python, else becomes the environment's Python.

#include <cstdio>
#include <string>
#include <vector>

#include "apps/cli/interpreter.h"
#include "apps/cli/takeover.h"
#include "os/process.h"

namespace {

constexpr int kUsageError = 4;

struct CommandLine {
    std::string python;
    std::vector<std::string> rest;  // for the engine
    bool version_only = false;
};

/// --python is ours only in front of everything else, so that it can't hide an option of a plugin.
CommandLine parse(int argc, char** argv) {
    CommandLine line;
    int at = 1;
    if (at < argc && std::string_view(argv[at]).starts_with("--python=")) {
        line.python = argv[at++] + sizeof "--python=" - 1;
    } else if (at + 1 < argc && std::string_view(argv[at]) == "--python") {
        line.python = argv[at + 1];
        at += 2;
    }
    line.rest.assign(argv + at, argv + argc);
    line.version_only = line.rest.size() == 1 && (line.rest[0] == "--version" || line.rest[0] == "-V");
    return line;
}

}  // namespace

int main(int argc, char** argv) {
    using namespace fastest;
    CommandLine line = parse(argc, argv);
    if (line.version_only) {
        std::puts("fastest " FASTEST_VERSION " (pytest 9.2.0)");
        return 0;
    }
    std::string program = os::program_path(argv[0]);
    cli::Choice choice = cli::choose_interpreter(program, line.python);
    if (!choice.error.empty()) {
        std::fprintf(stderr, "ERROR: %s\n", choice.error.c_str());
        return kUsageError;
    }
    const cli::Interpreter& chosen = choice.interpreter;
    if (cli::asks_for_takeover(line.rest)) {
        cli::Answer answer = cli::takeover(line.rest, chosen.python, chosen.script);
        std::fputs(answer.text.c_str(), answer.status == 0 ? stdout : stderr);
        return answer.status;
    }
    std::vector<std::string> arguments{chosen.python};
    if (chosen.script.empty()) {
        arguments.insert(arguments.end(), {"-c", "from fastest.start import run; run()", program});
    } else {
        arguments.insert(arguments.end(), {chosen.script, program});
    }
    arguments.insert(arguments.end(), line.rest.begin(), line.rest.end());
    std::string failure = os::become(chosen.python, arguments);
    std::fprintf(stderr, "ERROR: cannot start %s: %s\n", chosen.python.c_str(), failure.c_str());
    return kUsageError;
}
