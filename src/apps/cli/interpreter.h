#pragma once
// Which Python runs the tests, and where fastest's start script is in its environment.

#include <string>

namespace fastest::cli {

struct Interpreter {
    std::string python;  // path of the executable, not resolved: a virtual environment is known by its own link
    std::string script;  // path of fastest/start.py in that environment; empty: let Python find it
};

struct Choice {
    Interpreter interpreter;
    std::string error;  // what, where, how to mend it; empty when an interpreter was found
};

/// `program`: the path of this program. `requested`: the value of --python, or empty. Order: --python, the one beside
/// the program, VIRTUAL_ENV, PATH.
Choice choose_interpreter(const std::string& program, const std::string& requested);

}  // namespace fastest::cli
