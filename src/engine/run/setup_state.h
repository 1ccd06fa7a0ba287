#pragma once
// SetupState: which nodes are set up now, outermost first, and what undoes it. `stack` is a dict
// node -> (finalizers, None or (exception, traceback) of its failed set-up); plugins read and edit it.

#include "engine/run/known.h"

namespace fastest::run {

/// Whether the session's SetupState is the engine's, unpatched.
bool has_own_setup_state(handle session);
/// Puts an item without a set-up of its own on top of its parents. Gives its list of finalizers; null, with nothing changed,
/// when more is to be set up or a parent has failed.
object push_leaf(handle state, handle item);
/// Takes that item away again when nothing else ends with it. False, with nothing changed, when more is to be torn down.
bool pop_leaf(handle state, handle item, handle next, handle finalizers);

void define_setup_state(Module& m);

/// `state.setup(item)` and `state.teardown_exact(next)` for states of the engine's own; shorter where the item's parents
/// are set up already, and needed by the next item.
void set_up_item(handle state, handle item);
void tear_down_item(handle state, handle item, handle next);

}  // namespace fastest::run
