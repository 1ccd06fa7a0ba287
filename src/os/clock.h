#pragma once
// The process's clocks, in seconds.

namespace fastest::os {

/// Since the epoch, as Python's `time.time()`.
double wall_time();
/// Of a clock that never goes back, as Python's `time.perf_counter()`.
double precise_time();

}  // namespace fastest::os
