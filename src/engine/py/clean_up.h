#pragma once
// Functions to be called at an owner's end.

#include "engine/py/object.h"

namespace fastest::py {

/// The functions that an owner calls at its end, the last first. They are in a list; a `contextlib.ExitStack` with them
/// is made when somebody asks. Both are kept with the owner: in its attributes `_cleanups` and `_asked_cleanup_stack`.
class CleanUp {
public:
    explicit CleanUp(handle owner) : owner_(owner) {}

    /// Forgets all functions and the stack.
    void begin();
    void add(handle function);
    /// Calls all. When one fails, an ExitStack calls the others, as that is exact about several errors.
    void run();
    /// The ExitStack, made now if nobody has asked for it.
    object stack();
    void set_stack(handle stack);

private:
    object asked_stack() const;
    object functions() const;

    handle owner_;
};

}  // namespace fastest::py
