#pragma once
// Raw heap types whose state is a row of references in a C struct: for what is made or called so often that a class
// with a `__dict__` would cost. Methods are added with `m.extend("Name", type)`.
//
//   struct Point {
//       PyObject_HEAD;
//       PyObject *x, *y;
//       static constexpr auto refs() { return std::array{&Point::x, &Point::y}; }
//   };
//   PyTypeObject* type = make_record<Point>("geometry.Point", {members...});
//
// A struct that owns more than references has `static void finalize(Point*)`, called once before its memory goes.
//
// `refs()` lists every reference the struct owns; traverse, clear and dealloc use that list.

#include "engine/py/error.h"

#include <structmember.h>
#include <array>
#include <vector>

namespace fastest::py {

template <class T>
T* as_record(handle value) {
    return reinterpret_cast<T*>(value.ptr());
}

/// A new reference, for what the C API takes over. Null stays null.
inline PyObject* share(handle value) { return Py_XNewRef(value.ptr()); }
/// Drops a reference that the C API gave. Null is fine.
inline void drop(PyObject* owned) { Py_XDECREF(owned); }

/// Gives an object another type of the same layout (`value.__class__ = type`).
inline void retype(handle value, PyTypeObject* type) {
    PyTypeObject* old = Py_TYPE(value.ptr());
    Py_INCREF(type);
    Py_SET_TYPE(value.ptr(), type);
    Py_DECREF(old);
}

/// Makes a field refer to another object; the old one is released last.
inline void store(PyObject*& field, handle value) {
    PyObject* old = field;
    field = Py_XNewRef(value.ptr());
    Py_XDECREF(old);
}

inline object as_it_is(handle value) { return borrow(value); }

/// A property for a reference that native code relies on: it is never null once the record is made, and what Python
/// sets goes through `Convert`, which may refuse it. It cannot be deleted.
template <class T, PyObject* T::*Field, object (*Convert)(handle) = as_it_is>
PyGetSetDef kept_field(const char* name) {
    auto read = [](PyObject* self, void* shown) {
        PyObject* value = as_record<T>(self)->*Field;
        if (!value) PyErr_SetString(PyExc_AttributeError, static_cast<const char*>(shown));
        return Py_XNewRef(value);
    };
    auto write = [](PyObject* self, PyObject* value, void* shown) {
        return guard_status([&] {
            if (!value) raise(PyExc_AttributeError, cat(static_cast<const char*>(shown), " cannot be deleted"));
            store(as_record<T>(self)->*Field, Convert(value));
        });
    };
    return {name, read, write, nullptr, const_cast<char*>(name)};
}

template <class T>
struct RecordSlots {
    static int traverse(PyObject* self, visitproc visit, void* arg) {
        Py_VISIT(Py_TYPE(self));
        for (auto ref : T::refs()) Py_VISIT(as_record<T>(self)->*ref);
        return 0;
    }
    static int clear(PyObject* self) {
        for (auto ref : T::refs()) Py_CLEAR(as_record<T>(self)->*ref);
        return 0;
    }
    static void dealloc(PyObject* self) {
        PyTypeObject* type = Py_TYPE(self);
        PyObject_GC_UnTrack(self);
        clear(self);
        if constexpr (requires { T::finalize(as_record<T>(self)); }) T::finalize(as_record<T>(self));
        type->tp_free(self);
        Py_DECREF(type);
    }
};

/// A new type. `more` are slots beyond the usual ones, `flags` beyond default, GC and base type.
template <class T>
PyTypeObject* make_record(const char* name, PyMemberDef* members, std::initializer_list<PyType_Slot> more = {},
                          unsigned long flags = 0, PyTypeObject* base = nullptr) {
    std::vector<PyType_Slot> slots{
        {Py_tp_dealloc, reinterpret_cast<void*>(RecordSlots<T>::dealloc)},
        {Py_tp_traverse, reinterpret_cast<void*>(RecordSlots<T>::traverse)},
        {Py_tp_clear, reinterpret_cast<void*>(RecordSlots<T>::clear)},
        {Py_tp_new, reinterpret_cast<void*>(PyType_GenericNew)},
    };
    if (members) slots.push_back({Py_tp_members, members});
    slots.insert(slots.end(), more.begin(), more.end());
    slots.push_back({0, nullptr});
    PyType_Spec spec{name, sizeof(T), 0,
                     static_cast<unsigned>(Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE | flags),
                     slots.data()};
    object type = check(PyType_FromSpecWithBases(&spec, reinterpret_cast<PyObject*>(base)));
    set(type, "__name__"_n, get(type, "__name__"_n));  // without the module, in messages too, as of a class statement
    return reinterpret_cast<PyTypeObject*>(type.release().ptr());
}

}  // namespace fastest::py
