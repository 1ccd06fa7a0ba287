#pragma once
// Reading the configuration files: which reader a file has, and what it finds.

#include <string>
#include <vector>

#include "engine/py/module.h"

namespace fastest::settings {

/// Reads a file; a dict of name -> ConfigValue, or null when the file says nothing about pytest. Raises UsageError.
using ConfigReader = py::object (*)(const std::string& path);

struct NamedReader {
    const char* name;  // a file name or a suffix
    const char* function;
    ConfigReader read;
};

/// Files that are looked for by name, the first found wins.
const std::vector<NamedReader>& readers_by_name();
/// Files given with `-c`, by suffix.
const std::vector<NamedReader>& readers_by_suffix();
/// Null when there is none.
ConfigReader reader_for(const std::string& path);

py::object config_value(py::handle value, const char* origin, const char* mode);
[[noreturn]] void usage_error(std::string_view message);

void define_config_files(py::Module& m);

}  // namespace fastest::settings
