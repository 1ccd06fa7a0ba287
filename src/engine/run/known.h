#pragma once
// Things of other rooms, by their public names, and the small protocols that the run room uses everywhere.

#include "engine/py/module.h"

namespace fastest::run {

using namespace py;

/// An attribute of a module, remembered after the first look-up: for classes and constants that nobody replaces.
template <FixedString ModuleName, FixedString Name>
handle known() {
    static PyObject* value = nullptr;
    if (!value) [[unlikely]]
        value = lookup(ModuleName.text, operator""_n<Name>()).release().ptr();
    return value;
}

/// A module, imported at the first call: for names that users patch on it, `get(module_of<"time">(), "time"_n)`.
template <FixedString Name>
handle module_of() {
    static PyObject* value = nullptr;
    if (!value) [[unlikely]]
        value = import_module(Name.text).release().ptr();
    return value;
}

/// A type of the interpreter: `type_object(PyLong_Type)`.
inline handle type_object(PyTypeObject& type) { return reinterpret_cast<PyObject*>(&type); }
inline handle class_of(handle value) { return reinterpret_cast<PyObject*>(Py_TYPE(value.ptr())); }

/// The instance dict itself.
inline object dict_of(handle self) { return check(PyObject_GenericGetDict(self.ptr(), nullptr)); }

/// A new instance of a plain Python class, without calling `__init__`.
object bare_instance(handle cls);

/// `isinstance(value, BaseExceptionGroup)` etc.; from `exceptiongroup` before Python 3.11.
object base_exception_group();
object exception_group();

/// An error of a test or fixture, which is recorded, in contrast to one that stops the run: OutcomeException or Exception.
bool is_test_outcome(handle exception);

/// `assert condition, message`.
[[noreturn]] void assertion_failed(std::string_view message = {});

/// Leaves a context manager: `__exit__` with nothing, or with the error. True: the error is swallowed.
void leave(handle manager);
bool leave(handle manager, handle exception);

/// Raises an exception as if from this function of a facade module, so that its traceback is not empty.
[[noreturn]] void raise_from_facade(handle exception, const char* module, const char* function, int line);

/// A class made as `typing.NamedTuple` makes it, without importing typing or collections.
object named_tuple(Module& module, const char* name, std::initializer_list<const char*> fields);

}  // namespace fastest::run
