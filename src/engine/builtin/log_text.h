#pragma once
// Text of log messages.

#include <string>
#include <string_view>

#include "engine/py/module.h"

namespace fastest::builtin {

using namespace py::literals;
using py::handle;
using py::object;

std::string without_ansi_escapes(std::string_view text);

}  // namespace fastest::builtin
