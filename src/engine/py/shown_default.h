#pragma once
// Defaults of native functions as `inspect` shows them.

#include "engine/py/signature.h"

namespace fastest::py {

/// Of an optional parameter. A dotted name (`value=_pytest.compat.NOTSET`) stands for what lives there: the body sees that
/// nothing was given, and `...` is shown as such.
object shown_default(const Parameter& parameter);

}  // namespace fastest::py
