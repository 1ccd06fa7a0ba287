#pragma once
// What the captures of one stream have in common: states, and the class they derive from.

#include <initializer_list>

#include "engine/py/module.h"

namespace fastest::capture {

using namespace py::literals;
using py::handle;
using py::object;

inline handle state_initialized() { return "initialized"_n; }
inline handle state_started() { return "started"_n; }
inline handle state_suspended() { return "suspended"_n; }
inline handle state_done() { return "done"_n; }

inline bool in_state(handle self, handle state) { return py::equal(py::get(self, "_state"_n), state); }
inline void enter_state(handle self, handle state) { py::set(self, "_state"_n, state); }

/// AssertionError when `operation` is not allowed in the present state.
void assert_state(handle self, const char* operation, std::initializer_list<handle> allowed);
inline void assert_running(handle self, const char* operation) {
    assert_state(self, operation, {state_started(), state_suspended()});
}
inline void assert_not_unknown(handle self, const char* operation) {
    assert_state(self, operation, {state_initialized(), state_started(), state_suspended(), state_done()});
}

/// `stdin`, `stdout` or `stderr`; null for other descriptors.
handle stream_name(long long fd);

handle capture_base();

}  // namespace fastest::capture
