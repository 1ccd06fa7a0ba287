#pragma once
// The class of new paths.

#include "engine/py/object.h"

namespace fastest::py {

/// What `pathlib.Path(...)` makes on this system, `PosixPath`. A test may have put another `Path` into pathlib itself (a
/// fake file system does), with which `Path(...)` fails and this one's does not.
handle system_path();

}  // namespace fastest::py
