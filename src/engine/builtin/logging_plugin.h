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

/// Calls `on_loaded()` once, as soon as the module `logging` has been imported by anybody. False when imports cannot be
/// watched. `watcher` owns what is needed; it is put on the import hook of assertion rewriting, which is there anyway.
bool watch_logging_import(handle on_loaded);

}  // namespace fastest::builtin
