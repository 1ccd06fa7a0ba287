#pragma once
// CallInfo: what a phase gave or raised, and how long it took.

#include <type_traits>

#include "engine/run/known.h"

namespace fastest::run {

/// Reads both clocks of `_pytest.timing`, which tests replace.
struct Instant {
    object wall, precise;
    static Instant now();
};

/// Whether the clocks of `_pytest.timing` are the ones that it has from the start.
bool timing_is_ours();

/// The ExceptionInfo of what a phase raised. Errors that are instances of `reraise` (a type, a tuple or None) are thrown.
object excinfo_of(nb::python_error& error, handle reraise);

/// A new CallInfo of this class. `result` and `excinfo` may be None.
object make_call_info(handle cls, handle result, handle excinfo, handle start, handle stop, handle duration, handle when);

/// The CallInfo of what a body gives or raises. Errors that are instances of `reraise` (a type, a tuple or None) pass.
template <class F>
object timed_call(handle cls, handle when, handle reraise, F&& body) {
    Instant start = Instant::now();
    object result = none(), excinfo = none();
    try {
        result = body();
    } catch (nb::python_error& error) {
        excinfo = excinfo_of(error, reraise);
    }
    Instant stop = Instant::now();
    object duration = check(PyNumber_Subtract(stop.precise.ptr(), start.precise.ptr()));
    return make_call_info(cls, result, excinfo, start.wall, stop.wall, duration, when);
}

void define_call_info(Module& m);

}  // namespace fastest::run
