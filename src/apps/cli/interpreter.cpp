#include "apps/cli/interpreter.h"

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "os/environment.h"
#include "os/files.h"
#include "os/search.h"

namespace fastest::cli {
namespace {

std::string folder_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

constexpr std::string_view kVersioned = "python3.";

int minor_version(const std::string& name) { return std::atoi(name.c_str() + kVersioned.size()); }

/// The folders `python3.X` of a library folder: that of the interpreter's own version first, if its file is called so,
/// then the newest.
std::vector<std::string> version_folders(const std::string& library, const std::string& python) {
    std::vector<std::string> names = os::list_folder(library).value_or(std::vector<std::string>{});
    std::erase_if(names, [](const std::string& name) { return !name.starts_with(kVersioned); });
    std::string file = os::real_path(python).value_or(python);
    std::string own = file.substr(file.rfind('/') + 1);
    std::ranges::sort(names, [&](const std::string& left, const std::string& right) {
        if ((left == own) != (right == own)) return left == own;
        return minor_version(left) > minor_version(right);
    });
    return names;
}

/// Site folders hang on the prefix: PREFIX/bin/python, PREFIX/lib/python3.X/site-packages.
std::string find_script(const std::string& python) {
    std::string prefix = folder_of(folder_of(python));
    for (const char* library : {"/lib", "/lib64", "/local/lib"})
        for (const std::string& name : version_folders(prefix + library, python))
            for (const char* site : {"/site-packages", "/dist-packages"}) {
                std::string script = prefix + library + "/" + name + site + "/fastest/start.py";
                if (os::is_file(script)) return script;
            }
    return {};
}

}  // namespace

Choice choose_interpreter(const std::string& program, const std::string& requested) {
    if (!requested.empty()) {
        std::string path =
            requested.find('/') == std::string::npos ? os::find_program(requested).value_or("") : requested;
        if (!os::is_executable(path))
            return {{}, "--python: no such interpreter: " + requested + "; give the path of a Python executable"};
        return {{path, find_script(path)}, {}};
    }
    std::vector<std::string> candidates;
    for (const char* name : {"/python3", "/python"}) candidates.push_back(folder_of(program) + name);
    if (auto environment = os::environment("VIRTUAL_ENV")) candidates.push_back(*environment + "/bin/python");
    for (const std::string& candidate : candidates)
        if (os::is_executable(candidate))
            if (std::string script = find_script(candidate); !script.empty()) return {{candidate, script}, {}};
    for (const char* name : {"python3", "python"})
        if (auto found = os::find_program(name)) return {{*found, find_script(*found)}, {}};
    return {{}, "no Python found beside " + program + ", in VIRTUAL_ENV or on PATH; give one with --python PATH"};
}

}  // namespace fastest::cli
