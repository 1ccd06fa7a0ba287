#pragma once
// The logging plugin of a run.

#include "engine/py/module.h"

namespace fastest::builtin {

using namespace py::literals;
using py::handle;
using py::object;

/// Keys of an item's stash: its capture handler, and its records by phase.
handle caplog_handler_key();
handle caplog_records_key();

}  // namespace fastest::builtin
