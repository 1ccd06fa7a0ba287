#include "engine/extras/features.h"
namespace fastest::extras {
void configure_run_events(handle) {}
}  // namespace fastest::extras
