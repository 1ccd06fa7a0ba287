#pragma once
// Attaching a handler to the loggers for some time.

#include "engine/py/module.h"

namespace fastest::builtin {

using namespace py::literals;
using py::handle;
using py::object;

/// A new `catching_logs`, entered.
object start_catching(handle handler, handle level);
void stop_catching(handle catching);

}  // namespace fastest::builtin
