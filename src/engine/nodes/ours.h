#pragma once
// Whether somebody looks: is a class's method still the one that the engine put there?

#include "engine/nodes/node.h"
#include "engine/py/own_method.h"

namespace fastest::nodes {

/// Whether a class of the family shows itself and its parents as the engine made it: `__repr__`, `listchain`, `name`, `parent`,
/// equality.
bool shows_as_ours(PyTypeObject* type);

/// Whether a node's marks are looked up as the engine made it: walking its parents sees what `iter_markers` gives.
bool walks_marks_as_ours(handle node);

/// Whether short cuts may be taken in this session at all (not with FASTEST_LOOKERS=all).
bool short_cuts(handle session);
/// What the engine keeps with a session under a name: a dict, made at its first use.
object session_memory(handle session, handle name);

}  // namespace fastest::nodes
