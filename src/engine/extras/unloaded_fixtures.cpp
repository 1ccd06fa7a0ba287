#include "engine/extras/unloaded_fixtures.h"

#include <algorithm>

#include "base/text.h"
#include "os/files.h"
#include "os/paths.h"

namespace fastest::extras {
namespace {

constexpr std::size_t kMostFolders = 500, kMostBytes = 1'000'000, kMostPlaces = 2, kMostDecoratorLines = 20;

bool begins_function(std::string_view line, std::string_view name) {
    line = base::strip_left(line);
    if (line.starts_with("async ")) line = base::strip_left(line.substr(6));
    if (!line.starts_with("def ")) return false;
    line = base::strip_left(line.substr(4));
    return line.starts_with(name) && base::strip_left(line.substr(name.size())).starts_with('(');
}

/// The line of the first decorator of a function that is a fixture, from 1, which is where Python says that it begins;
/// 0 for other functions. Decorators end at an empty line.
std::size_t first_decorator(const std::vector<std::string_view>& lines, std::size_t function) {
    std::size_t first = 0;
    bool is_fixture = false;
    for (std::size_t i = function; i-- > 0 && function - i <= kMostDecoratorLines;) {
        std::string_view line = base::strip(lines[i]);
        if (line.empty()) break;
        if (!line.starts_with('@')) continue;
        first = i + 1;
        is_fixture = is_fixture || line.find("fixture") != std::string_view::npos;
    }
    return is_fixture ? first : 0;
}

bool is_passed_over(std::string_view name, const std::string& path) {
    return name.starts_with('.') || name == "node_modules" || name == "__pycache__" ||
           os::exists(os::join(path, "pyvenv.cfg"));
}

}  // namespace

std::size_t line_of_fixture(std::string_view source, std::string_view name) {
    if (source.find(name) == std::string_view::npos) return 0;
    std::vector<std::string_view> lines = base::split_lines(source);
    for (std::size_t i = 0; i < lines.size(); ++i)
        if (begins_function(lines[i], name))
            if (std::size_t line = first_decorator(lines, i)) return line;
    return 0;
}

std::vector<std::string> conftest_files(const std::string& root) {
    std::vector<std::string> files, folders{""};
    for (std::size_t i = 0; i < folders.size(); ++i) {
        std::string folder = folders[i].empty() ? root : os::join(root, folders[i]);
        std::vector<std::string> entries = os::list_folder(folder).value_or(std::vector<std::string>());
        std::sort(entries.begin(), entries.end());
        for (const std::string& entry : entries) {
            std::string path = os::join(folder, entry), shown = folders[i].empty() ? entry : folders[i] + "/" + entry;
            if (entry == "conftest.py")
                files.push_back(shown);
            else if (entry.find('.') == std::string::npos && folders.size() < kMostFolders && os::is_folder(path) &&
                     !os::is_link(path) && !is_passed_over(entry, path))
                folders.push_back(shown);
        }
    }
    return files;
}

std::vector<SourcePlace> fixtures_in(const std::string& root, const std::vector<std::string>& files,
                                     std::string_view name) {
    std::vector<SourcePlace> places;
    for (const std::string& file : files) {
        if (places.size() == kMostPlaces) break;
        std::string source = os::read_file(os::join(root, file)).value_or("").substr(0, kMostBytes);
        if (std::size_t line = line_of_fixture(source, name)) places.push_back({file, line});
    }
    return places;
}

}  // namespace fastest::extras
