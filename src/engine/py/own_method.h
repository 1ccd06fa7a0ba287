#pragma once
// Whether a class's method is still the one that the engine put there.

#include <array>

#include "engine/py/record.h"

namespace fastest::py {

/// A method or other attribute of one of the engine's classes as it was defined. A namespace-scope object where it is
/// asked about; `remember` it when the class is made, before anybody can have patched it.
class OwnMethod {
public:
    void remember(handle type, const char* name) {
        name_ = PyUnicode_InternFromString(name);
        function_ = share(_PyType_Lookup(reinterpret_cast<PyTypeObject*>(type.ptr()), name_));
    }
    handle name() const { return name_; }
    /// Whether look-ups on this class find it.
    bool found_in(PyTypeObject* type) const { return function_ && _PyType_Lookup(type, name_) == function_; }
    /// Whether `self.name` is it: found in the class and not hidden by an instance attribute.
    bool found_on(handle self) const {
        if (!found_in(Py_TYPE(self.ptr()))) return false;
        PyObject** dict = _PyObject_GetDictPtr(self.ptr());
        return !dict || !*dict || !PyDict_Contains(*dict, name_);
    }

private:
    PyObject* name_ = nullptr;
    PyObject* function_ = nullptr;  // constants of the process
};

/// Several of one class, asked about together. That a class has not changed since the last answer is told by its
/// version tag.
template <std::size_t N>
class OwnMethods {
public:
    void remember(handle type, const char* const (&names)[N]) {
        for (std::size_t i = 0; i < N; ++i) methods_[i].remember(type, names[i]);
    }
    bool found_in(PyTypeObject* type) const {
        if (unsigned tag = version::class_version(type); tag && type == checked_ && tag == checked_tag_) return true;
        for (const OwnMethod& method : methods_)
            if (!method.found_in(type)) return false;
        checked_ = type;
        checked_tag_ = version::class_version(type);
        return true;
    }
    bool found_on(handle self) const {
        if (!found_in(Py_TYPE(self.ptr()))) return false;
        PyObject** dict = _PyObject_GetDictPtr(self.ptr());
        if (!dict || !*dict || !PyDict_GET_SIZE(*dict)) return true;
        for (const OwnMethod& method : methods_)
            if (PyDict_Contains(*dict, method.name().ptr())) return false;
        return true;
    }

private:
    std::array<OwnMethod, N> methods_;
    mutable PyTypeObject* checked_ = nullptr;  // what the last answer was about: a memo of the process
    mutable unsigned checked_tag_ = 0;
};

}  // namespace fastest::py
