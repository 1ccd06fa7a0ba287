#pragma once
// A LogXML's part in quiet runs: the testcases of passed tests, written without reports and reporters.

#include "engine/hooks/quiet.h"

namespace fastest::builtin {

std::unique_ptr<hooks::QuietPart> quiet_junit(py::handle log, hooks::QuietRun& run);
/// Keeps the methods of the log and of its reporters as they are now, to tell later whether they were replaced.
void remember_junit_methods(py::handle log_class, py::handle reporter_class);

}  // namespace fastest::builtin
