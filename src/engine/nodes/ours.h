#pragma once
// Whether somebody looks: is a class's method still the one that the engine put there?

#include "engine/nodes/node.h"
#include "engine/py/record.h"

namespace fastest::nodes {

/// A method of one of the engine's classes as it was defined. Make it `static` where it is asked about, and `remember` it when
/// the class is made, before anybody can have patched it.
class OurMethod {
public:
    void remember(handle type, const char* name) {
        name_ = PyUnicode_InternFromString(name);
        function_ = py::share(_PyType_Lookup(reinterpret_cast<PyTypeObject*>(type.ptr()), name_));
    }
    handle name() const { return name_; }
    /// Whether look-ups on this class find it.
    bool found_in(PyTypeObject* type) const { return function_ && _PyType_Lookup(type, name_) == function_; }
    /// Whether `self.name` is it: found in the class and not hidden by an instance attribute.
    bool found_on(handle self) const {
        if (!found_in(Py_TYPE(self.ptr()))) return false;
        const Node* node = as_node(self);
        PyObject* dict = node ? node->refs[kDict] : nullptr;
        return !dict || !PyDict_Contains(dict, name_);
    }

private:
    PyObject* name_ = nullptr;
    PyObject* function_ = nullptr;  // constants of the process
};

/// Whether a class of the family shows itself and its parents as the engine made it: `__repr__`, `listchain`, `name`, `parent`,
/// equality.
bool shows_as_ours(PyTypeObject* type);

/// Whether short cuts may be taken in this session at all (not with FASTEST_LOOKERS=all).
bool short_cuts(handle session);
/// What the engine keeps with a session under a name: a dict, made at its first use.
object session_memory(handle session, handle name);

}  // namespace fastest::nodes
