#pragma once
// How C++ asks about hooks and calls them.
//
// Calling: `py::call_named<"item">(caller, item)` is the way; a HookCaller takes that vectorcall, and without
// monitoring goes straight to the implementations, native or Python, with no keyword dict made. The relay
// (`config.hook`) or proxy (`node.ihook`) has it as an attribute. Asking: short cuts may leave a hook call out when
// `only_ours` says that all implementations are native and the call is not watched; they must then do what those
// implementations do.

#include "engine/hooks/caller.h"
#include "engine/py/function.h"

namespace fastest::hooks {

/// The function under an implementation's bindings.
inline handle implementing_function(const Impl* impl) {
    handle function = impl->function;
    return PyMethod_Check(function.ptr()) ? handle(PyMethod_GET_FUNCTION(function.ptr())) : function;
}

inline bool is_ours(const Impl* impl) { return py::is_native_function(implementing_function(impl)); }

/// The implementations of a hook, in the order of the list (called from the end to the start). Owns what it shows.
class Implementations {
public:
    explicit Implementations(handle caller)
        : Implementations(PyObject_TypeCheck(caller.ptr(), caller_type())
                              ? caller_impls(as_caller(caller))
                              : py::to_list(py::call_method(caller, py::operator""_n<"get_hookimpls">()))) {}
    std::size_t size() const { return static_cast<std::size_t>(PyTuple_GET_SIZE(list_.ptr())); }
    const Impl* operator[](std::size_t index) const {
        return as_impl(PyTuple_GET_ITEM(list_.ptr(), static_cast<Py_ssize_t>(index)));
    }
    bool any_foreign() const {
        for (std::size_t i = 0; i < size(); ++i)
            if (!is_ours((*this)[i])) return true;
        return false;
    }

private:
    explicit Implementations(object list) : list_(py::to_tuple(list)) {}
    object list_;
};

/// Whether nobody but native implementations would notice a call of this hook: not watched, none foreign.
inline bool only_ours(handle caller) {
    return PyObject_TypeCheck(caller.ptr(), caller_type()) && is_unwatched(as_caller(caller)) &&
           !Implementations(caller).any_foreign();
}

}  // namespace fastest::hooks
