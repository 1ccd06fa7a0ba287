#pragma once
// Fixtures in conftest files that a run has not loaded, found in their text.

#include <string>
#include <string_view>
#include <vector>

namespace fastest::extras {

struct SourcePlace {
    std::string path;  // relative to the root folder
    std::size_t line;  // of the first decorator, from 1
};
/// Where the fixture of that name begins in a file's text, from 1; 0 when there is none. Fixtures with `name=` are not
/// found.
std::size_t line_of_fixture(std::string_view source, std::string_view name);
/// The conftest files, relative to the root folder, in at most 500 folders below it, not in hidden ones and virtual
/// environments.
std::vector<std::string> conftest_files(const std::string& root);
/// Where a fixture of that name begins in these files; at most two places.
std::vector<SourcePlace> fixtures_in(const std::string& root, const std::vector<std::string>& files,
                                     std::string_view name);

}  // namespace fastest::extras
