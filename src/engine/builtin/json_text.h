#pragma once
// The part of JSON that the cache's own files are made of, without importing `json`.

#include <optional>
#include <string>
#include <string_view>

#include "engine/py/object.h"

namespace fastest::builtin {

/// What `json.loads` gives; null for errors and for what only `json` knows (fractions, `\u`, deep nesting).
py::object read_json(std::string_view text);

/// What `json.dumps(value, ensure_ascii=False, indent=2)` gives; nothing for values that are not plain.
std::optional<std::string> write_json(py::handle value);

}  // namespace fastest::builtin
