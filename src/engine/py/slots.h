#pragma once
// Fields of ordinary Python classes, read and written by native code past the attribute protocol.
//
// A class made with `.slots({"func", "__dict__", "__weakref__"})` keeps its slots at fixed places in each instance, also in
// instances of subclasses. Only for instances of that class: the caller has checked the type.

#include <descrobject.h>
#include <structmember.h>

#include "engine/py/object.h"

namespace fastest::py {

class Slot {
public:
    Slot() = default;
    /// The class must have a slot of that name in its own body.
    Slot(handle type, handle name) {
        object descriptor = get(type, name);
        offset_ = reinterpret_cast<PyMemberDescrObject*>(descriptor.ptr())->d_member->offset;
    }
    /// Borrowed; null when the slot is unset.
    handle read(handle self) const { return *place(self); }
    void write(handle self, handle value) const {
        Py_XINCREF(value.ptr());
        PyObject* old = std::exchange(*place(self), value.ptr());
        Py_XDECREF(old);
    }

private:
    PyObject** place(handle self) const {
        return reinterpret_cast<PyObject**>(reinterpret_cast<char*>(self.ptr()) + offset_);
    }
    Py_ssize_t offset_ = 0;
};

inline bool has_type(handle value, handle type) {
    return PyObject_TypeCheck(value.ptr(), reinterpret_cast<PyTypeObject*>(type.ptr()));
}
/// An instance of a Python class without calling `__new__` and `__init__`: all slots unset.
inline object allocate(handle type) {
    auto* made = reinterpret_cast<PyTypeObject*>(type.ptr());
    return check(made->tp_alloc(made, 0));
}

}  // namespace fastest::py
