#include "os/clock.h"

#include <chrono>

namespace fastest::os {
namespace {

template <class Clock>
double seconds() {
    return std::chrono::duration<double>(Clock::now().time_since_epoch()).count();
}

}  // namespace

double wall_time() { return seconds<std::chrono::system_clock>(); }
double precise_time() { return seconds<std::chrono::steady_clock>(); }

}  // namespace fastest::os
