#pragma once
// Short reprs that never fail: `_pytest._io.saferepr`, natively for its own class and for Python's containers and scalars.

#include "engine/py/object.h"

namespace fastest::explain {

/// `saferepr(value, maxsize)`; a negative size means no limit of the whole.
py::object safe_repr(py::handle value, Py_ssize_t maxsize, bool use_ascii = false);
/// `saferepr_unlimited(value, use_ascii)`.
py::object safe_repr_unlimited(py::handle value, bool use_ascii);
/// The text shown for a value whose repr raised.
py::object describe_repr_failure(py::handle exception, py::handle value);

}  // namespace fastest::explain
