#pragma once
// Parametrization: `Metafunc.parametrize` multiplies the calls of a test.

#include "engine/py/module.h"

namespace fastest::collect {

/// What one parameter set adds to a call.
struct ParameterCall {
    py::object argnames, values, id, marks, scope, index, nodeid;
};

/// A new CallSpec: an earlier one with a parameter set added. pytest: CallSpec.setmulti
py::object extended_call(py::handle callspec, const ParameterCall& extra);

/// Raises what `zip(..., strict=True)` of two sequences with these lengths raises.
[[noreturn]] void complain_of_lengths(Py_ssize_t first, Py_ssize_t second);

}  // namespace fastest::collect
