#pragma once
// The border: C++ exceptions become Python errors where CPython calls us.

#include <utility>

#include "engine/py/object.h"

namespace fastest::py {

/// Sets the Python error for the C++ exception that is being handled. Only inside a catch block.
void set_current_error() noexcept;

/// Runs a body that returns an owned object (or null with an error set) for a slot that returns PyObject*.
template <class F>
PyObject* guard(F&& body) noexcept {
    try {
        return std::forward<F>(body)().release().ptr();
    } catch (...) {
        set_current_error();
        return nullptr;
    }
}

/// The same for slots that return an int status.
template <class F>
int guard_status(F&& body) noexcept {
    try {
        std::forward<F>(body)();
        return 0;
    } catch (...) {
        set_current_error();
        return -1;
    }
}

}  // namespace fastest::py
