#pragma once
// The installed distributions of a Python environment, as `importlib.metadata.distributions()` finds and orders them.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fastest::config {

struct EntryPoint {
    std::string name;
    std::string value;  // "module" or "module:attribute"
};

/// A `*.dist-info` or `*.egg-info` folder or file.
class Distribution {
public:
    explicit Distribution(std::string path) : path_(std::move(path)) {}
    const std::string& path() const { return path_; }

    /// The entry points of a group, in the order of `entry_points.txt`.
    std::vector<EntryPoint> entry_points(std::string_view group) const;
    /// The first header of that name (as written: `Name`, `Version`) in the metadata.
    std::optional<std::string> header(std::string_view name) const;
    /// Installed files by RECORD, relative, with `/`; nothing when there is no RECORD that can be read simply.
    std::optional<std::vector<std::string>> recorded_files() const;
    std::optional<std::string> read_text(const char* file) const;

private:
    std::string path_;
};

/// The distributions in these folders, one folder after the other, within a folder grouped by normalized name. Nothing when
/// an entry of the path is something that needs Python (a zip file, an egg).
std::optional<std::vector<Distribution>> find_distributions(const std::vector<std::string>& search_path);

/// "pkg.mod:Class.attr [extras]" as a module and an attribute path; nothing when it has another form.
struct EntryPointTarget {
    std::string module;
    std::vector<std::string> attributes;
};
std::optional<EntryPointTarget> entry_point_target(std::string_view value);

}  // namespace fastest::config
