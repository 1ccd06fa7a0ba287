#pragma once
// The types of configuration options: tags such as "bool" or "linelist", choices of a Literal, unions.

#include <string>

#include "engine/py/module.h"

namespace fastest::settings {

/// What `addini(type=...)` means: a str tag, an _IniLiteral, or a tuple of these (a union). Raises ValueError.
py::object normalize_ini_type(py::handle name, py::handle type);
/// As shown in `--help` and in messages.
std::string ini_type_text(py::handle type);
py::object default_of_ini_type(py::handle type);
bool is_ini_literal(py::handle type);

void define_ini_types(py::Module& m);

}  // namespace fastest::settings
