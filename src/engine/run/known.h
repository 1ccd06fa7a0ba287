#pragma once
// Things of other rooms, by their public names, and the small protocols that the run room uses everywhere.

#include "engine/py/module.h"

namespace fastest::run {

using namespace py;

/// The instance dict itself.
inline object dict_of(handle self) { return check(PyObject_GenericGetDict(self.ptr(), nullptr)); }

/// A new instance of a plain Python class, without calling `__init__`.
object bare_instance(handle cls);

/// `isinstance(value, BaseExceptionGroup)` etc.; from `exceptiongroup` before Python 3.11.
object base_exception_group();
object exception_group();

/// An error of a test or fixture, which is recorded, in contrast to one that stops the run: OutcomeException or
/// Exception.
bool is_test_outcome(handle exception);

/// `assert condition, message`.
[[noreturn]] void assertion_failed(std::string_view message = {});

/// Leaves a context manager: `__exit__` with nothing, or with the error. True: the error is swallowed.
void leave(handle manager);
bool leave(handle manager, handle exception);

/// Raises an exception as if from this function of a facade module, so that its traceback is not empty.
[[noreturn]] void raise_from_facade(handle exception, const char* module, const char* function, int line);

}  // namespace fastest::run
