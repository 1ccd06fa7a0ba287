#pragma once
// The tagged tracer (`pluggy._tracing`) as C++ asks about it.

#include "engine/py/module.h"

namespace fastest::hooks {

/// Whether messages to a tracer (a TagTracerSub) go nowhere: the engine's own, without a writer and processors.
bool traces_nothing(py::handle tracer);

}  // namespace fastest::hooks
