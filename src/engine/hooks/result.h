#pragma once
// The outcome of a hook call as old-style wrappers see it (`pluggy.Result`).

#include "engine/py/record.h"

namespace fastest::hooks {

using py::handle;
using py::object;

struct Result {
    PyObject_HEAD;
    PyObject *result, *exception, *traceback;

    static constexpr auto refs() { return std::array{&Result::result, &Result::exception, &Result::traceback}; }
};

PyTypeObject* result_type();

/// `exception` may be null or None: then `result` counts.
object make_result(handle result, handle exception);

/// The result; or null with the Python error set, its traceback as it was when the result was made.
PyObject* result_or_raise(Result* result);

}  // namespace fastest::hooks
