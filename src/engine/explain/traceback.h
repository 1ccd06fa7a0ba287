#pragma once
// Entries of tracebacks and lists of them.

#include "engine/py/module.h"

namespace fastest::explain {

/// `Traceback(tb)`: a traceback object, or an iterable of entries.
py::object make_traceback(py::handle tb);

/// `entry.getsource()` of a TracebackEntry in a plain file, or null for others. `files` remembers what was read and parsed:
/// {file name: (lines, Source, tree)}, good as long as linecache has the same lines.
py::object remembered_source(py::handle entry, py::handle files);

/// The traceback of an ExceptionInfo as a `tbfilter` wants it: a callable decides itself, true hides hidden entries.
py::object filtered_traceback(py::handle tbfilter, py::handle excinfo);

}  // namespace fastest::explain
