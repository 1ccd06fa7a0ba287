#pragma once
// Calling a test function with its fixtures' values.

#include "engine/py/object.h"

namespace fastest::collect {

/// Keeps the methods of Function as they are now, to tell later whether they were replaced.
void remember_test_methods(py::handle function_class);

/// Whether the item is a test function of the engine's own class that is set up, run and torn down as the class defines it, and
/// has not been run yet.
bool is_plain_test(py::handle item);

/// What the engine's pytest_pyfunc_call does.
void call_test(py::handle item);

}  // namespace fastest::collect
