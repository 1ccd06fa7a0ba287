#pragma once
// Python's cyclic garbage collector: keeping objects of the engine out of its sight while nothing can make a cycle through them.

#include "engine/py/object.h"

namespace fastest::py {

/// The collector no longer visits this object. Right for objects that refer to nothing that could refer back, and for those that no
/// Python code has had in its hands: a cycle through an untracked object is never found. Never for functions and
/// methods: CPython frees them as tracked objects without asking.
inline void untrack(handle value) {
    if (PyObject_IS_GC(value.ptr()) && PyObject_GC_IsTracked(value.ptr())) PyObject_GC_UnTrack(value.ptr());
}

/// Makes it visible again.
inline void track(handle value) {
    if (PyObject_IS_GC(value.ptr()) && !PyObject_GC_IsTracked(value.ptr())) PyObject_GC_Track(value.ptr());
}

/// All that is tracked counts as old, as after a full collection that found nothing: for a moment when nothing but the engine and
/// the modules it imports has run, and all of it will stay. Not when somebody keeps objects frozen, or watches.
inline void age_all() {
    object collector = import_module("gc");
    object freeze = get(collector, "freeze"_n), unfreeze = get(collector, "unfreeze"_n);
    if (!PyCFunction_CheckExact(freeze.ptr()) || !PyCFunction_CheckExact(unfreeze.ptr()) ||
        to_int(call_method(collector, "get_freeze_count"_n)))
        return;
    call(freeze);
    call(unfreeze);
}

}  // namespace fastest::py
