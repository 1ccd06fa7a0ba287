#pragma once
// What fastest offers beyond pytest, an option each. Without its option a feature registers nothing and does nothing.

#include "engine/py/module.h"

namespace fastest::extras {

using namespace py;

/// The value of an option; None when a plugin has taken its name.
object option(handle config, handle dest);
/// Whether this process runs tests for another one that reports them (a worker of xdist).
bool is_worker(handle config);
/// Ends the run as pytest ends it for a wrong command line.
[[noreturn]] void raise_usage_error(const std::string& message);
/// Registers a plugin of the run's.
void register_plugin(handle config, handle plugin, const char* name);

// Each is called once, when the config has been configured.
void configure_run_events(handle config);
void configure_instafail(handle config);
void configure_fixture_durations(handle config);
void configure_enhanced_errors(handle config);

}  // namespace fastest::extras
