#include "os/stack.h"

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>

#if defined(__GLIBC__)
extern "C" void* __libc_stack_end;  // of the main thread; given by the dynamic linker
#endif

namespace fastest::os {
namespace {

constexpr std::size_t kReserve = 512 * 1024;  // for what runs below the last level: Python code that handles the error

struct Bounds {
    std::uintptr_t low = 0, high = 0;  // equal when nothing is known
};

Bounds of_thread() noexcept {
    Bounds bounds;
    pthread_attr_t attributes;
    if (pthread_getattr_np(pthread_self(), &attributes)) return bounds;
    void* start = nullptr;
    std::size_t size = 0;
    if (!pthread_attr_getstack(&attributes, &start, &size)) {
        bounds.low = reinterpret_cast<std::uintptr_t>(start);
        bounds.high = bounds.low + size;
    }
    pthread_attr_destroy(&attributes);
    return bounds;
}

/// The C library would read the process's map of memory for the main thread: longer than the rest of a small run's
/// imports.
Bounds of_this_thread() noexcept {
#if defined(__GLIBC__)
    rlimit limit;
    if (getpid() == gettid() && !getrlimit(RLIMIT_STACK, &limit)) {
        if (limit.rlim_cur == RLIM_INFINITY) return {};
        auto high = reinterpret_cast<std::uintptr_t>(__libc_stack_end);
        return {high - limit.rlim_cur, high};
    }
#endif
    return of_thread();
}

}  // namespace

bool stack_is_low() noexcept {
    thread_local const Bounds bounds = of_this_thread();
    auto here = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
    if (here < bounds.low || here >= bounds.high) return false;
    std::size_t size = bounds.high - bounds.low, reserve = size / 4 < kReserve ? size / 4 : kReserve;
    return here - bounds.low < reserve;
}

}  // namespace fastest::os
