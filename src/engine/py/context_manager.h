#pragma once
// Context managers written as C++ coroutines: what `contextlib.contextmanager` makes of a generator function.

#include "engine/py/function.h"

namespace fastest::py {

/// A context manager whose `with` target is what `body(args)` yields. It is entered once. It is a decorator, too: then
/// the body runs anew around each call of the function.
object make_context_manager(GeneratorBody body, OwnedArgs args);

}  // namespace fastest::py
