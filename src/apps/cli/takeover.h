#pragma once
// `fastest takeover on|off|status`: whether `pytest` is fastest in the whole environment.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fastest::cli {

/// Where an installation of fastest is, as `fastest/installation.py` tells.
struct Installation {
    std::string python;       // the environment's interpreter
    std::string owner;        // the interpreter of the environment that holds the package, which this one may only see
    std::string site;         // the folder that holds the package; its start files are read when Python starts
    std::string scripts;      // the folder of the environment's programs
    std::string real_pytest;  // version of the real pytest beside it; empty when there is none
};

/// What a command has to say, and the program's exit status.
struct Answer {
    int status;
    std::string text;
};

/// Whether these arguments are the command and not names of test files.
bool asks_for_takeover(const std::vector<std::string>& arguments);

/// Carries the command out in the environment of an interpreter. `script`: of `Interpreter`.
Answer takeover(const std::vector<std::string>& arguments, const std::string& python, const std::string& script);

/// The environment before and after; all adds and removes only files of fastest's own.
Answer switch_on(const Installation& there);
Answer switch_off(const Installation& there);
Answer tell_status(const Installation& there);

/// What installation.py has printed; nothing when it is not that.
std::optional<Installation> parse_installation(std::string_view printed);

}  // namespace fastest::cli
