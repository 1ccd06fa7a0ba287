#pragma once
// Scopes as the engine compares them: `_pytest.scope.Scope` members by their place, function lowest.

#include "engine/py/module.h"

namespace fastest::marks {

enum class ScopeIndex : int { kFunction, kClass, kModule, kPackage, kSession };

/// The place of a `Scope` member. KeyError for anything else.
int scope_index(py::handle scope);
/// The `Scope` member at a place. Borrowed; lives as long as the process.
py::handle scope_at(int index);
inline py::handle scope_at(ScopeIndex index) { return scope_at(static_cast<int>(index)); }
/// The member that a user's scope name means; `fail()`s as pytest words it. `where` may be None.
py::object scope_from_user(py::handle name, py::handle description, py::handle where);

}  // namespace fastest::marks
