#pragma once
// Exceptions as texts.

#include "engine/py/module.h"

namespace fastest::explain {

bool is_exception_group(py::handle exception);

/// `str(exception)` and its notes, a line each. Without `with_count` a group is only its message.
py::object stringify_exception(py::handle exception, bool with_count = true);

/// `ExceptionInfo.from_exception(exception)` without a look at its text.
py::object excinfo_of(py::handle exception);

/// The ReprFileLocation of an error whose last frame that is not hidden would be one of the runner's, which has none.
py::object crash_in_runner(py::handle excinfo);

}  // namespace fastest::explain
