#include "apps/cli/interpreter.h"

#include "os/process.h"
#include "os/search.h"

namespace fastest::cli {
namespace {

std::string folder_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

/// Site folders hang on the prefix: PREFIX/bin/python, PREFIX/lib/python3.X/site-packages.
std::string find_script(const std::string& python) {
    std::string prefix = folder_of(folder_of(python));
    for (const char* library : {"/lib", "/lib64", "/local/lib"}) {
        std::vector<std::string> names = os::folder_names(prefix + library);
        for (auto name = names.rbegin(); name != names.rend(); ++name) {
            if (!name->starts_with("python3.")) continue;
            for (const char* site : {"/site-packages", "/dist-packages"}) {
                std::string script = prefix + library + "/" + *name + site + "/fastest/start.py";
                if (os::is_file(script)) return script;
            }
        }
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
