#pragma once
// From a file to the dotted name under which it is imported.

#include <optional>
#include <string>
#include <vector>

#include "engine/collect/paths.h"

namespace fastest::collect {

struct ImportName {
    object root;  // the directory that has to be on sys.path
    object name;  // dotted
};

/// Where a file stands among packages; nothing when no directory above it is a package.
std::optional<ImportName> resolve_import_name(handle path, bool namespace_packages);
/// The name that import mode "importlib" makes up for a file, from its place below `root`.
object module_name_from_path(handle path, handle root);
/// Whether a ModuleSpec (or None) loads from this path.
bool spec_matches(handle spec, handle module_path);

}  // namespace fastest::collect
