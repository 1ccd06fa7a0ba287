#pragma once
// Running a collector and reporting on it, and what makes an error interesting for debuggers.

#include "engine/run/known.h"

namespace fastest::run {

/// Whether a call's error is to be shown by `pytest_exception_interact`: not skips, xfails and the debugger's quit.
bool is_interactive(handle call_info, handle report);

void define_collect_report(Module& m);

}  // namespace fastest::run
