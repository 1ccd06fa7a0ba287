#include "engine/py/unpack.h"

namespace fastest::py {
namespace {

[[noreturn]] void refuse_length(handle iterable, std::size_t wanted, std::size_t got) {
    if (got < wanted)
        raise(PyExc_ValueError, cat("not enough values to unpack (expected ", wanted, ", got ", got, ")"));
    bool sized = PyTuple_CheckExact(iterable.ptr()) || PyList_CheckExact(iterable.ptr());
    std::string count = sized && version::kUnpackingTellsCount ? cat(", got ", length(iterable)) : std::string();
    raise(PyExc_ValueError, cat("too many values to unpack (expected ", wanted, count, ")"));
}

}  // namespace

void unpack_into(handle iterable, object* places, std::size_t count) {
    object iterator = steal(PyObject_GetIter(iterable.ptr()));
    if (!iterator.is_valid()) {
        nb::python_error error;
        if (!error.matches(PyExc_TypeError) || Py_TYPE(iterable.ptr())->tp_iter || PySequence_Check(iterable.ptr()))
            throw error;
        raise(PyExc_TypeError, cat("cannot unpack non-iterable ", Py_TYPE(iterable.ptr())->tp_name, " object"));
    }
    for (std::size_t got = 0;; ++got) {
        object value = steal(PyIter_Next(iterator.ptr()));
        if (!value.is_valid()) {
            if (PyErr_Occurred()) throw nb::python_error();
            if (got < count) refuse_length(iterable, count, got);
            return;
        }
        if (got == count) refuse_length(iterable, count, got + 1);
        places[got] = std::move(value);
    }
}

}  // namespace fastest::py
