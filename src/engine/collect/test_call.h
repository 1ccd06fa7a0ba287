#pragma once
// Calling a test function with its fixtures' values.

#include "engine/py/module.h"

namespace fastest::collect {

/// Keeps the methods of Function as they are now, to tell later whether they were replaced.
void remember_test_methods(py::handle function_class);

/// The same for the one other class of functions whose `runtest` may be called without pytest_pyfunc_call: unittest's.
void remember_runnable_tests(py::handle type);

/// Whether the item is a test function of the engine's own class, or of that other one, that is set up, run and torn
/// down as the class defines it, and has not been run yet.
bool is_plain_test(py::handle item);

/// What the engine's pytest_runtest_call does: its pytest_pyfunc_call for a function, else `runtest`.
void call_test(py::handle item);

void define_test_call(py::Module& m);

}  // namespace fastest::collect
