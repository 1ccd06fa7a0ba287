// --enhanced-errors: hints beside errors.

#include "engine/extras/features.h"

namespace fastest::extras {

void configure_enhanced_errors(handle) {}

}  // namespace fastest::extras
