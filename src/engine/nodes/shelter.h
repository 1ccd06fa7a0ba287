#pragma once
// Keeping what a session holds for its whole length out of the garbage collector's sight.
//
// Collections walk through everything that is tracked, again and again while tests run, and ten thousand items are half
// a million references. Nothing of that can be garbage before the session ends; then it is tracked again, so that
// sessions that ran in a living process are found.

#include "engine/nodes/node.h"

namespace fastest::nodes {

/// The session will have an end that comes to `end_shelter`. Nothing is hidden before.
void begin_shelter(handle session);
/// Hides one object until `end_shelter`, which it outlives.
void shelter(handle session, handle value);
/// Hides a new item and what it is made of, in a session that will have an end.
void shelter_new_item(handle session, handle item);
/// Hides an item and what the engine has made for it alone, as far as no Python code has had it.
void shelter_item(handle session, handle item);
/// Tracks everything again.
void end_shelter(handle session);

}  // namespace fastest::nodes
