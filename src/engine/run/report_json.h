#pragma once
// Reports as dicts of builtins and back: what xdist and reportlog send.

#include "engine/run/known.h"

namespace fastest::run {

/// A dict of builtin values; failures become nested dicts.
object report_to_json(handle report);
/// The keyword arguments for a report class from such a dict, which is changed in place.
object report_kwargs_from_json(handle data);

/// The hooks and functions of `_pytest.reports` that do this.
void define_report_json(Module& m);

}  // namespace fastest::run
