#include "engine/py/context_manager.h"

#include <new>

#include "engine/py/error.h"
#include "engine/py/functools.h"
#include "engine/py/with.h"

namespace fastest::py {
namespace {

struct ContextManager {
    PyObject_HEAD;
    GeneratorBody body;
    OwnedArgs args;
    object generator;
};

PyTypeObject* g_type = nullptr;  // made once, immutable

ContextManager* as_manager(PyObject* self) { return reinterpret_cast<ContextManager*>(self); }

void dealloc(PyObject* self) {
    PyTypeObject* type = Py_TYPE(self);
    {
        nb::error_scope keep;
        as_manager(self)->generator.~object();
        as_manager(self)->args.~OwnedArgs();
    }
    type->tp_free(self);
    Py_DECREF(type);
}

PyObject* enter(PyObject* self, PyObject*) {
    return guard([&] {
        object yielded = steal(PyIter_Next(as_manager(self)->generator.ptr()));
        if (yielded.is_valid()) return yielded;
        if (PyErr_Occurred()) throw nb::python_error();
        raise(PyExc_RuntimeError, "generator didn't yield");
    });
}

[[noreturn]] void refuse_second_yield(handle generator, const char* message) {
    call_method(generator, "close"_n);
    raise(PyExc_RuntimeError, message);
}

/// Whether the body has swallowed what the block raised.
bool throw_in(handle generator, handle exception, handle traceback) {
    try {
        call_method(generator, "throw"_n, exception);
    } catch (const nb::python_error& error) {
        if (error.matches(PyExc_StopIteration)) return true;
        bool is_echo = error.value().is(exception);
        if (!is_echo && PyErr_GivenExceptionMatches(exception.ptr(), PyExc_StopIteration) &&
            error.matches(PyExc_RuntimeError))
            is_echo = steal(PyException_GetCause(error.value().ptr())).is(exception);
        if (!is_echo) throw;
        set(exception, "__traceback__"_n, traceback);
        return false;
    }
    refuse_second_yield(generator, "generator didn't stop after throw()");
}

PyObject* leave(PyObject* self, PyObject* const* args, Py_ssize_t count) {
    return guard([&] {
        if (count != 3) raise(PyExc_TypeError, cat("__exit__() takes 3 arguments (", count, " given)"));
        object generator = as_manager(self)->generator;
        if (!is_none(args[0])) {
            object exception = is_none(args[1]) ? call(args[0]) : borrow(args[1]);
            return boolean(throw_in(generator, exception, args[2]));
        }
        object second = steal(PyIter_Next(generator.ptr()));
        if (second.is_valid()) refuse_second_yield(generator, "generator didn't stop");
        if (PyErr_Occurred()) throw nb::python_error();
        return boolean(false);
    });
}

/// *args, **kwargs. Closure: (context manager, function).
object call_within(Args a) {
    ContextManager* manager = as_manager(PyTuple_GET_ITEM(a.closure().ptr(), 0));
    handle function = PyTuple_GET_ITEM(a.closure().ptr(), 1);
    return with(make_context_manager(manager->body, manager->args),
                [&](handle) { return call_ex(function, a[0], a[1]); });
}

PyObject* decorate(PyObject* self, PyObject* args, PyObject* keywords) {
    return guard([&] {
        PyObject* function = nullptr;
        const char* names[] = {"func", nullptr};
        if (!PyArg_ParseTupleAndKeywords(args, keywords, "O", const_cast<char**>(names), &function))
            throw nb::python_error();
        object inner = make_function("inner", "*args, **kwds", call_within, tuple_of(handle(self), handle(function)));
        update_wrapper(inner, function);
        return inner;
    });
}

PyMethodDef kMethods[] = {
    {"__enter__", enter, METH_NOARGS, nullptr},
    {"__exit__", reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(leave)), METH_FASTCALL, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

PyTypeObject* make_type() {
    PyType_Slot slots[] = {
        {Py_tp_dealloc, reinterpret_cast<void*>(dealloc)},
        {Py_tp_methods, kMethods},
        {Py_tp_call, reinterpret_cast<void*>(decorate)},
        {0, nullptr},
    };
    PyType_Spec spec{"contextlib._GeneratorContextManager", sizeof(ContextManager), 0,
                     Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots};
    return reinterpret_cast<PyTypeObject*>(check(PyType_FromSpec(&spec)).release().ptr());
}

}  // namespace

object make_context_manager(GeneratorBody body, OwnedArgs args) {
    if (!g_type) g_type = make_type();
    object generator = make_generator(body(args));
    object self = check(g_type->tp_alloc(g_type, 0));
    ContextManager* manager = as_manager(self.ptr());
    manager->body = body;
    new (&manager->args) OwnedArgs(std::move(args));
    new (&manager->generator) object(std::move(generator));
    return self;
}

}  // namespace fastest::py
