#pragma once
// `tempfile.gettempdir()` without importing tempfile.
//
// tempfile looks for the place once in a process, at the first call, and pytest's capture of descriptors makes the
// first one. The engine's needs no temporary file, so it notes where tempfile would look at that time. Source:
// https://docs.python.org/3/library/tempfile.html#tempfile.gettempdir

#include "engine/py/clean_up.h"

namespace fastest::py {

/// What a call of `tempfile.gettempdir()` does now, as far as later calls can tell, until the clean-up.
void note_temporary_root(CleanUp clean_up);

/// `tempfile.gettempdir()`.
object temporary_root(CleanUp clean_up);

}  // namespace fastest::py
