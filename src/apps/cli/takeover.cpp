#include "apps/cli/takeover.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "os/files.h"
#include "os/paths.h"
#include "os/process.h"
#include "os/search.h"

namespace fastest::cli {
namespace {

constexpr std::array<std::string_view, 2> kScripts = {"pytest", "py.test"};
/// By this line files are known as fastest's own.
constexpr std::string_view kMark = "# Made by `fastest takeover on`; `fastest takeover off` removes it.\n";
constexpr std::string_view kUsage =
    "usage: fastest [--python PATH] takeover on|off|status\n"
    "\n"
    "  on      `pytest`, `py.test`, `python -m pytest` and `import pytest` are fastest in this environment\n"
    "  off     they are again what they were: files that `on` has added are removed, no other is touched\n"
    "  status  which of the two it is\n"
    "\n"
    "(to run tests in a folder called takeover: fastest ./takeover)\n";
constexpr std::size_t kLongestInterpreterLine = 127;  // Linux cuts longer ones

/// Silent where there is no fastest.
constexpr const char* kAsk =
    "try:\n    from fastest.installation import tell\nexcept ModuleNotFoundError:\n    raise SystemExit(1)\ntell()";

std::string start_file(const Installation& there) { return os::join(there.site, "fastest-takeover.pth"); }

/// Does nothing once fastest is uninstalled.
std::string start_file_text() {
    return std::string(kMark) +
           "import sys; exec(\"try:\\n    import fastest.takeover\\nexcept ModuleNotFoundError:\\n    pass\")\n";
}

/// One word for the shell, in quotes that a Python string in three apostrophes can hold.
std::string shell_word(const std::string& text) {
    if (text.find('\'') == std::string::npos) return "'" + text + "'";
    std::string word = "\"";
    for (char letter : text) {
        if (std::string_view("\"$`\\").find(letter) != std::string_view::npos) word += '\\';
        word += letter;
    }
    return word + "\"";
}

/// A script's first lines, in the form for interpreters whose path a shebang line cannot hold when need be.
std::string shebang(const std::string& python) {
    if (python.find_first_of(" \t") == std::string::npos && python.size() + 3 <= kLongestInterpreterLine)
        return "#!" + python + "\n";
    return "#!/bin/sh\n'''exec' " + shell_word(python) + " \"$0\" \"$@\"\n' '''\n";
}

std::string script_text(const std::string& python) {
    return shebang(python) + std::string(kMark) +
           "import sys\n\nfrom _pytest.config import _console_main\n\nif __name__ == \"__main__\":\n"
           "    sys.exit(_console_main())\n";
}

bool is_ours(const std::string& path) {
    if (os::is_link(path) || !os::is_file(path)) return false;
    auto text = os::read_file(path);
    return text && text->find(kMark) != std::string::npos;
}

std::string line(std::string_view what, const std::string& path, std::string_view remark) {
    std::string text = "  " + std::string(what);
    text.resize(std::max(text.size() + 1, std::size_t{14}), ' ');
    return text + path + (remark.empty() ? "" : " (" + std::string(remark) + ")") + "\n";
}

/// Whether a script that somebody else has made is run by this environment's Python.
bool runs_here(const Installation& there, const std::string& path) {
    auto text = os::read_file(path);
    return text && text->substr(0, text->find('\n', text->find('\n') + 1)).find(os::join(there.scripts, "python")) !=
                       std::string::npos;
}

std::string describe_script(const Installation& there, std::string_view name, bool on) {
    std::string path = os::join(there.scripts, name);
    if (is_ours(path)) {
        if (!on) return line(name, path, "left over: `fastest takeover off` removes it");
        bool current = os::read_file(path) == script_text(there.python);
        return line(name, path,
                    current ? "made by fastest" : "for another interpreter: `fastest takeover on` makes it again");
    }
    if (!os::exists(path) && !os::is_link(path))
        return line(name, path, on ? "missing: `fastest takeover on` makes it again" : "not there");
    if (!runs_here(there, path)) return line(name, path, "untouched: not of this environment's Python");
    return line(name, path, on ? "untouched: it imports pytest, which is fastest" : "untouched");
}

bool is_on(const Installation& there) { return is_ours(start_file(there)); }

std::string describe(const Installation& there) {
    bool on = is_on(there);
    std::string text = on ? "takeover is on: pytest is fastest for " + there.python + "\n"
                          : "takeover is off for " + there.python + "\n";
    text += line("start file", start_file(there), on ? "" : "not there");
    for (std::string_view name : kScripts) text += describe_script(there, name, on);
    if (!there.real_pytest.empty())
        text += line("real pytest", there.real_pytest, on ? "untouched, not imported" : "untouched");
    auto found = os::find_program(kScripts[0]);
    if (on && found && os::real_path(os::parent(*found)) != os::real_path(there.scripts))
        text += "note: `pytest` on PATH is another environment's: " + *found + "\n";
    return text;
}

Answer failure(std::string_view what, const std::string& path) {
    int reason = errno;
    std::string hint = reason == EACCES || reason == EPERM ? "; run this as the user who owns the environment\n" : "\n";
    return {1, "ERROR: cannot " + std::string(what) + " " + path + ": " + std::strerror(reason) + hint};
}

}  // namespace

bool asks_for_takeover(const std::vector<std::string>& arguments) {
    if (arguments.empty() || arguments[0] != "takeover") return false;
    if (arguments.size() == 2) {
        const std::string& wish = arguments[1];
        if (wish == "on" || wish == "off" || wish == "status" || wish == "--help" || wish == "-h") return true;
    }
    return !os::exists(arguments[0]);
}

Answer switch_on(const Installation& there) {
    std::vector<std::string> made;
    auto make = [&](const std::string& path, const std::string& text, bool program) {
        if (is_ours(path) && os::read_file(path) != text && !os::remove_file(path)) return false;
        if (os::exists(path) || os::is_link(path)) return true;
        if (!os::create_file(path, text, program)) return false;
        made.push_back(path);
        return true;
    };
    auto undo = [&](const std::string& path) {
        Answer answer = failure("write", path);
        for (const std::string& file : made) os::remove_file(file);
        return answer;
    };
    for (std::string_view name : kScripts) {
        std::string path = os::join(there.scripts, name);
        if (!make(path, script_text(there.python), true)) return undo(path);
    }
    if (!make(start_file(there), start_file_text(), false)) return undo(start_file(there));
    if (!is_on(there)) {
        errno = EEXIST;
        return undo(start_file(there));
    }
    return {0, describe(there)};
}

Answer switch_off(const Installation& there) {
    std::vector<std::string> files{start_file(there)};
    for (std::string_view name : kScripts) files.push_back(os::join(there.scripts, name));
    std::string removed;
    for (const std::string& path : files) {
        if (!is_ours(path)) continue;
        if (!os::remove_file(path)) return failure("remove", path);
        removed += line("removed", path, "");
    }
    return {0, removed + describe(there)};
}

Answer tell_status(const Installation& there) { return {0, describe(there)}; }

std::optional<Installation> parse_installation(std::string_view printed) {
    Installation there;
    std::array<std::pair<std::string_view, std::string*>, 5> fields = {{{"python=", &there.python},
                                                                        {"owner=", &there.owner},
                                                                        {"site=", &there.site},
                                                                        {"scripts=", &there.scripts},
                                                                        {"pytest=", &there.real_pytest}}};
    for (auto [name, value] : fields) {
        std::size_t end = printed.find('\n');
        if (end == std::string_view::npos || !printed.starts_with(name)) return std::nullopt;
        *value = printed.substr(name.size(), end - name.size());
        printed.remove_prefix(end + 1);
    }
    return there;
}

Answer takeover(const std::vector<std::string>& arguments, const std::string& python, const std::string& script) {
    constexpr int kUsageError = 4;
    std::string wish = arguments.size() == 2 ? arguments[1] : "";
    if (wish == "--help" || wish == "-h") return {0, std::string(kUsage)};
    if (wish != "on" && wish != "off" && wish != "status") return {kUsageError, std::string(kUsage)};
    std::vector<std::string> command{python};
    if (script.empty()) {
        command.insert(command.end(), {"-c", kAsk});
    } else {
        command.push_back(os::join(os::parent(script), "installation.py"));
    }
    auto there = parse_installation(os::output_of(python, command).value_or(""));
    if (!there)
        return {kUsageError,
                "ERROR: " + python + " has no fastest; install it with `" + python + " -m pip install fastest`\n"};
    if (there->site.empty())
        return {kUsageError, "ERROR: fastest is not installed in a site folder of " + python +
                                 ", where start files are read; install it with `" + python +
                                 " -m pip install fastest`\n"};
    if (wish != "status" && there->owner != there->python)
        return {kUsageError, "ERROR: the fastest that " + python + " sees is in the environment of " + there->owner +
                                 "; say `" + there->owner + " -m fastest takeover " + wish +
                                 "` for all that share it, or `" + python +
                                 " -m pip install --ignore-installed fastest` before\n"};
    if (wish == "on") return switch_on(*there);
    return wish == "off" ? switch_off(*there) : tell_status(*there);
}

}  // namespace fastest::cli
