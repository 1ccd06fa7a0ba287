#pragma once
// Whether a class's method is still the one that the engine put there.

#include "engine/py/record.h"

namespace fastest::py {

/// A method or other attribute of one of the engine's classes as it was defined. A namespace-scope object where it is asked about;
/// `remember` it when the class is made, before anybody can have patched it.
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

}  // namespace fastest::py
