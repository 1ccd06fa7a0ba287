#pragma once
// Forking a run in two: each side goes on with what the other has not, and neither disturbs the other's files.
//
// Whoever owns a descriptor, temporary file, lock, seed or pid says at `on_fork` what both sides do about it. Nothing of this happens
// for an `os.fork` of a test, whose child shares everything with the run, as in pytest.

#include "engine/py/object.h"

namespace fastest::py {

/// Notes what an owner does. `before` is called in the parent ahead of the fork (write what both sides would write later), `after`
/// in the child; both are Python callables that take the config, or None. They are kept with the config.
void on_fork(handle config, handle before, handle after);

/// Forks by `os.fork` and does what the owners want. Gives the child's pid, 0 in the child.
object fork_run(handle config);

}  // namespace fastest::py
