#pragma once
// The end of a program's process without taking the interpreter apart.
//
// The interpreter frees every object one by one before a process ends, after two more collections; a tenth of a short
// run. Nothing of that shows unless some object does something when it dies.

#include "engine/py/object.h"

namespace fastest::py {

/// Whether nothing is around the code that runs now: only frames of the program `fastest`, in a process of its own.
bool is_program();

/// Where a program's run begins: lets the process end with the first exit code that is put into the list, when the
/// interpreter has joined threads, run all `atexit` functions, and no object is left that would do anything when it is
/// freed. Else `otherwise()` is called, and the interpreter goes on as usual. Null, with nothing planned, when more than
/// the program's own frames run. What the garbage collector does not track must have no finalizer.
object plan_end(handle otherwise);

}  // namespace fastest::py
