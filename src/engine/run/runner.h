#pragma once
// The general path of one phase: the hook call, its CallInfo, its report.

#include "engine/run/known.h"

namespace fastest::run {

/// pytest: get_reraise_exceptions. A tuple of types.
object reraised(handle config);
/// Makes the report of a phase that has ended, lets the hooks see it, and offers failures to debuggers.
object report_phase(handle item, handle info, bool log);
/// pytest: call_and_report, as the module has it now. `next` is given to the teardown alone and may be null otherwise.
object run_phase(handle item, handle when, handle log, handle next = handle());
/// Whether the functions of the runner that plugins replace are the engine's.
bool runner_is_ours();

void forget_last_error();
void remember_last_error(handle exception);

}  // namespace fastest::run
