#pragma once
// The threads of this interpreter.

#include "engine/py/object.h"

namespace fastest::py {

/// Whether others than the current one are alive: they could run whenever the GIL is let go.
inline bool other_threads() {
    PyThreadState* own = PyThreadState_Get();
    for (PyThreadState* thread = PyInterpreterState_ThreadHead(own->interp); thread;
         thread = PyThreadState_Next(thread))
        if (thread != own) return true;
    return false;
}

}  // namespace fastest::py
