#pragma once
// How much of the thread's stack is left.

namespace fastest::os {

/// Whether the calling thread is so deep in its stack that no further level of recursion is to be begun. Code that runs
/// outside the thread's own stack is never told so.
bool stack_is_low() noexcept;

}  // namespace fastest::os
