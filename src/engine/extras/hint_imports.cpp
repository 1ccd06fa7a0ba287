// Hints at imports: nearly the names of modules and of what is in them, packages beside the search path, circles.

#include <algorithm>
#include <optional>
#include <set>

#include "engine/extras/hints.h"
#include "os/files.h"
#include "os/paths.h"

namespace fastest::extras {
namespace {

constexpr std::size_t kMostFolders = 100;

/// The module that a name in a folder would be imported as; empty for none.
std::string_view module_in(std::string_view entry) {
    std::string_view name = entry.substr(0, entry.find('.')), rest = entry.substr(name.size());
    bool is_module = rest.empty() || rest == ".py" || (rest.starts_with(".") && rest.ends_with(".so"));
    bool is_name = !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
        return c == '_' || c >= 0x80 || (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
    });
    return is_module && is_name ? name : std::string_view();
}

void offer_modules_in(const std::string& folder, match::NearestNames& nearest) {
    for (const std::string& entry : os::list_folder(folder).value_or(std::vector<std::string>()))
        if (std::string_view name = module_in(entry); !name.empty()) nearest.offer(name);
}

void offer_folders(handle folders, match::NearestNames& nearest) {
    std::size_t count = 0;
    for (object folder : each(folders)) {
        if (++count > kMostFolders) return;
        if (!is_str(folder)) continue;
        std::string path = text(folder);
        offer_modules_in(path.empty() ? os::current_folder() : path, nearest);
    }
}

bool is_module_in(const std::string& folder, const std::string& name) {
    std::string path = os::join(folder, name);
    return os::is_file(path + ".py") || os::is_file(os::join(path, "__init__.py"));
}

// --- modules that are not found ---------------------------------------------------------------

/// A folder of the project, relative to its root ("." for the root), that has a module of that name.
std::optional<std::string> folder_with(const std::string& root, const std::string& name) {
    if (is_module_in(root, name)) return ".";
    std::vector<std::string> folders = os::list_folder(root).value_or(std::vector<std::string>());
    std::sort(folders.begin(), folders.end());
    std::stable_partition(folders.begin(), folders.end(), [](const std::string& folder) { return folder == "src"; });
    if (folders.size() > kMostFolders) folders.resize(kMostFolders);
    for (const std::string& folder : folders)
        if (!folder.starts_with('.') && is_module_in(os::join(root, folder), name)) return folder;
    return {};
}

void hint_at_top_module(const Failure& failure, const std::string& name, Hints& hints) {
    std::string root = text_of(get(failure.config, "rootpath"_n));
    if (std::optional<std::string> folder = folder_with(root, name)) {
        std::string place = *folder == "." ? name : *folder + "/" + name;
        hints.add(cat("the project has ", place, ", but its folder is not on sys.path: set 'pythonpath = ", *folder,
                      "' in the configuration file, or install the project"));
        return;
    }
    if (std::string project = project_with_module(name); !project.empty()) {
        hints.add(cat("module '", name, "' comes with the project ", project, ": is it installed?"));
        return;
    }
    match::NearestNames nearest(name);
    object sys = import_module("sys");
    offer_all(get(sys, "stdlib_module_names"_n), nearest);
    offer_folders(get(sys, "path"_n), nearest);
    hints.add(did_you_mean(nearest.found()));
}

void hint_at_submodule(const std::string& name, Hints& hints) {
    std::size_t dot = name.rfind('.');
    std::string parent = name.substr(0, dot);
    object module = loaded_module(str(parent));
    object folders = module.is_valid() ? try_get(module, "__path__"_n) : object();
    if (!folders.is_valid()) return;
    match::NearestNames nearest(name.substr(dot + 1));
    offer_folders(folders, nearest);
    std::vector<std::string> found = nearest.found();
    for (std::string& one : found) one = parent + "." + one;
    hints.add(did_you_mean(found));
}

void hint_at_missing_module(const Failure& failure, Hints& hints) {
    object name = get(failure.exception, "name"_n);
    if (!is_str(name)) return;
    std::string wanted = text(name);
    wanted.find('.') == std::string::npos ? hint_at_top_module(failure, wanted, hints)
                                          : hint_at_submodule(wanted, hints);
}

// --- circles ----------------------------------------------------------------------------------

/// The modules that were being executed when the error was raised, outermost first.
std::vector<std::string> modules_being_imported(handle traceback) {
    std::vector<std::string> names;
    for (object entry = borrow(traceback); !is_none(entry); entry = get(entry, "tb_next"_n)) {
        object frame = get(entry, "tb_frame"_n);
        if (!equal(get(get(frame, "f_code"_n), "co_name"_n), str("<module>"))) continue;
        object name = dict_get(get(frame, "f_globals"_n), "__name__"_n);
        if (name.is_valid() && is_str(name)) names.push_back(text(name));
    }
    return names;
}

void hint_at_circle(const Failure& failure, const std::string& module, Hints& hints) {
    std::vector<std::string> names = modules_being_imported(failure.traceback);
    auto begin = std::find(names.begin(), names.end(), module);
    if (begin == names.end()) return;
    std::string circle;
    for (; begin != names.end(); ++begin) circle += *begin + " -> ";
    hints.add(cat("circular import: ", circle, module,
                  " (import it inside a function, or move what both need to a third module)"));
}

// --- names that modules do not have --------------------------------------------------------------

void hint_at_missing_name(const Failure& failure, const std::string& message, Hints& hints) {
    std::string wanted = between(message, "cannot import name '", "'");
    object module_name = get(failure.exception, "name"_n);
    if (wanted.empty() || !is_str(module_name)) return;
    if (message.find("partially initialized module") != std::string::npos)
        hint_at_circle(failure, text(module_name), hints);
    object module = loaded_module(module_name);
    if (!module.is_valid()) return;
    hints.add(hides_standard_module(failure.config, module));
    match::NearestNames nearest(wanted);
    offer_all(check(PyObject_Dir(module.ptr())), nearest);
    if (object folders = try_get(module, "__path__"_n); folders.is_valid()) offer_folders(folders, nearest);
    hints.add(did_you_mean(nearest.found()));
}

}  // namespace

void hint_at_imports(const Failure& failure, Hints& hints) {
    if (is_instance(failure.exception, handle(PyExc_AttributeError))) {
        std::string message = text_of(failure.exception);
        if (message.find("partially initialized module") != std::string::npos)
            hint_at_circle(failure, between(message, "module '", "'"), hints);
        return;
    }
    if (!is_instance(failure.exception, handle(PyExc_ImportError))) return;
    std::string message = text_of(failure.exception);
    if (message.find("attempted relative import") != std::string::npos)
        hints.add("relative imports need packages: add __init__.py to the folders, or import by the full name");
    else if (is_instance(failure.exception, handle(PyExc_ModuleNotFoundError)))
        hint_at_missing_module(failure, hints);
    else
        hint_at_missing_name(failure, message, hints);
}

}  // namespace fastest::extras
