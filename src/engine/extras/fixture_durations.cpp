#include "engine/extras/features.h"
namespace fastest::extras {
void configure_fixture_durations(handle) {}
}  // namespace fastest::extras
