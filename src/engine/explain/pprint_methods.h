#pragma once
// Between the native pretty-printer and its Python methods.

#include "engine/explain/pprint.h"

namespace fastest::explain {

using NativeMethod = void (PrettyPrinting::*)(py::handle, const PrettyPrinting::Place&, PieceSink&);

/// The native method behind a function of `_dispatch`; null for a function of someone else.
NativeMethod native_method(py::handle function);

/// `self.name(value, indent, allowance, context, level)`, which gives an iterable of str.
py::object call_python_method(py::handle self, py::handle name, py::handle value, const PrettyPrinting::Place& place);
py::object call_python_function(py::handle function, py::handle self, py::handle value, const PrettyPrinting::Place& place);
void drain(py::object pieces, PieceSink& sink);

/// `_safe_repr`: containers on one line.
py::object flat_repr(py::handle self, py::handle value, py::handle context, py::handle most_levels, Py_ssize_t level);
/// Reprs of slices of bytes of at most `width` characters; the last one leaves room for `allowance`.
py::object wrapped_bytes(py::handle value, Py_ssize_t width, Py_ssize_t allowance);
py::object recursion_text(py::handle value);

}  // namespace fastest::explain
