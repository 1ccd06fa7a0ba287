#include "engine/py/generator.h"

#include <new>

#include "engine/py/error.h"

namespace fastest::py {
namespace {

struct NativeGenerator {
    PyObject_HEAD;
    Generator body;
    bool started, running, waiting;  // waiting: at a yield
};

PyTypeObject* g_generator_type = nullptr;  // made once, immutable
Py_ssize_t g_waiting = 0;                  // how many generators wait, in the whole process

void note_waiting(NativeGenerator& generator, bool waits) {
    g_waiting += waits - generator.waiting;
    generator.waiting = waits;
}

NativeGenerator* as_generator(PyObject* self) { return reinterpret_cast<NativeGenerator*>(self); }

/// Resumes by `step`; gives the yielded value, or raises StopIteration(returned) as generators do.
template <class Step>
PySendResult resume(PyObject* self, PyObject** result, Step&& step) noexcept {
    NativeGenerator* generator = as_generator(self);
    *result = nullptr;
    if (generator->running) {
        PyErr_SetString(PyExc_ValueError, "generator already executing");
        return PYGEN_ERROR;
    }
    generator->started = generator->running = true;
    PySendResult outcome = PYGEN_ERROR;
    try {
        step(generator->body);
        outcome = generator->body.done() ? PYGEN_RETURN : PYGEN_NEXT;
        *result = generator->body.take().release().ptr();
    } catch (...) {
        set_current_error();
        forbid_stop_iteration();
    }
    generator->running = false;
    if (generator->body.done()) generator->body = Generator();
    note_waiting(*generator, !generator->body.done());
    return outcome;
}

PySendResult gen_am_send(PyObject* self, PyObject* value, PyObject** result) {
    if (as_generator(self)->body.done()) {
        *result = Py_NewRef(Py_None);
        return PYGEN_RETURN;
    }
    if (!as_generator(self)->started && value != Py_None) {
        *result = nullptr;
        PyErr_SetString(PyExc_TypeError, "can't send non-None value to a just-started generator");
        return PYGEN_ERROR;
    }
    return resume(self, result, [&](Generator& body) { body.send(borrow(value)); });
}

PyObject* as_iteration(PySendResult outcome, PyObject* result) {
    if (outcome != PYGEN_RETURN) return result;
    if (result == Py_None) {
        PyErr_SetNone(PyExc_StopIteration);
    } else if (PyObject* stop = PyObject_CallOneArg(PyExc_StopIteration, result)) {
        PyErr_SetObject(PyExc_StopIteration, stop);
        Py_DECREF(stop);
    }
    Py_DECREF(result);
    return nullptr;
}

PyObject* gen_send(PyObject* self, PyObject* value) {
    PyObject* result;
    PySendResult outcome = gen_am_send(self, value, &result);
    return as_iteration(outcome, result);
}

PyObject* gen_next(PyObject* self) { return gen_send(self, Py_None); }

PyObject* gen_throw(PyObject* self, PyObject* const* args, Py_ssize_t count) {
    if (count < 1 || count > 3) {
        PyErr_SetString(PyExc_TypeError, "throw expected 1 to 3 arguments");
        return nullptr;
    }
    object exception;
    if (PyExceptionInstance_Check(args[0])) {
        exception = borrow(args[0]);
    } else {
        PyObject* value = count > 1 && args[1] != Py_None ? args[1] : nullptr;
        if (value && PyExceptionInstance_Check(value))
            exception = borrow(value);
        else
            exception = steal(value ? PyObject_CallOneArg(args[0], value) : PyObject_CallNoArgs(args[0]));
        if (!exception.is_valid()) return nullptr;
    }
    if (count == 3 && args[2] != Py_None) PyException_SetTraceback(exception.ptr(), args[2]);
    PyErr_SetObject(type_of(exception).ptr(), exception.ptr());
    if (as_generator(self)->body.done()) return nullptr;
    PyObject* result;
    PySendResult outcome = resume(self, &result, [&](Generator& body) { body.throw_in(nb::python_error()); });
    return as_iteration(outcome, result);
}

PyObject* gen_close(PyObject* self, PyObject*) {
    NativeGenerator* generator = as_generator(self);
    if (generator->body.done()) Py_RETURN_NONE;
    PyErr_SetNone(PyExc_GeneratorExit);
    PyObject* result;
    PySendResult outcome = resume(self, &result, [&](Generator& body) { body.throw_in(nb::python_error()); });
    if (outcome == PYGEN_NEXT) {
        Py_DECREF(result);
        PyErr_SetString(PyExc_RuntimeError, "generator ignored GeneratorExit");
        return nullptr;
    }
    Py_XDECREF(result);
    if (outcome == PYGEN_ERROR) {
        if (!PyErr_ExceptionMatches(PyExc_GeneratorExit) && !PyErr_ExceptionMatches(PyExc_StopIteration))
            return nullptr;
        PyErr_Clear();
    }
    Py_RETURN_NONE;
}

/// One that is dropped while it waits is closed, as Python's are.
void gen_finalize(PyObject* self) {
    nb::error_scope keep;
    if (PyObject* closed = gen_close(self, nullptr))
        Py_DECREF(closed);
    else
        PyErr_WriteUnraisable(self);
}

void gen_dealloc(PyObject* self) {
    if (as_generator(self)->waiting && PyObject_CallFinalizerFromDealloc(self) < 0) return;
    note_waiting(*as_generator(self), false);
    PyTypeObject* type = Py_TYPE(self);
    {
        nb::error_scope keep;
        as_generator(self)->body.~Generator();
    }
    type->tp_free(self);
    Py_DECREF(type);
}

PyMethodDef kGeneratorMethods[] = {
    {"send", gen_send, METH_O, nullptr},
    {"throw", reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(gen_throw)), METH_FASTCALL, nullptr},
    {"close", gen_close, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

PyTypeObject* make_type() {
    PyType_Slot slots[] = {
        {Py_tp_dealloc, reinterpret_cast<void*>(gen_dealloc)},
        {Py_tp_methods, kGeneratorMethods},
        {Py_tp_iter, reinterpret_cast<void*>(PyObject_SelfIter)},
        {Py_tp_iternext, reinterpret_cast<void*>(gen_next)},
        {Py_am_send, reinterpret_cast<void*>(gen_am_send)},
        {Py_tp_finalize, reinterpret_cast<void*>(gen_finalize)},
        {0, nullptr},
    };
    PyType_Spec spec{"fastest._engine.generator", sizeof(NativeGenerator), 0,
                     Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots};
    return reinterpret_cast<PyTypeObject*>(check(PyType_FromSpec(&spec)).release().ptr());
}

}  // namespace

bool is_generator_type(handle type) { return g_generator_type && type.is(type_object(*g_generator_type)); }

bool has_waiting_generators() { return g_waiting > 0; }

object make_generator(Generator body) {
    if (!g_generator_type) g_generator_type = make_type();
    PyObject* self = g_generator_type->tp_alloc(g_generator_type, 0);
    if (!self) throw nb::python_error();
    new (&as_generator(self)->body) Generator(std::move(body));
    return steal(self);
}

void forbid_stop_iteration() {
    if (!PyErr_ExceptionMatches(PyExc_StopIteration)) return;
    nb::python_error stop;
    PyErr_SetString(PyExc_RuntimeError, "generator raised StopIteration");
    nb::python_error changed;
    PyException_SetCause(changed.value().ptr(), Py_NewRef(stop.value().ptr()));
    PyException_SetContext(changed.value().ptr(), Py_NewRef(stop.value().ptr()));
    changed.restore();
}

}  // namespace fastest::py
