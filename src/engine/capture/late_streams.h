#pragma once
// What becomes of a stand-in for sys.stdout or sys.stderr when its capture is over.
//
// Log handlers, threads and exit functions may still hold it. It is closed, as in pytest, but what they write then goes
// to the stream of that name that there is now, instead of failing (pytest's issues 5502 and 5743).

#include "engine/py/object.h"

namespace fastest::capture {

/// To be called before `file` is closed, as threads may be writing; `name` is "stdout" or "stderr". Does nothing to files
/// of others' classes.
void pass_on_late_output(py::handle file, py::handle name);

}  // namespace fastest::capture
