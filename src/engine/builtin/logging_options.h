#pragma once
// Settings of the logging plugin.

#include <initializer_list>

#include "engine/py/module.h"

namespace fastest::builtin {

using namespace py::literals;
using py::handle;
using py::object;

inline constexpr const char* kDefaultLogFormat = "%(levelname)-8s %(name)s:%(filename)s:%(lineno)d %(message)s";
inline constexpr const char* kDefaultLogDateFormat = "%H:%M:%S";

/// The first of these settings that says something, an option before the ini value of the same name; else None.
object option_or_ini(handle config, std::initializer_list<handle> names);
/// The same for logging levels, as int; a UsageError for what is no level.
object log_level_setting(handle config, std::initializer_list<handle> names);

}  // namespace fastest::builtin
