#pragma once
// Small work of modules of the standard library that a run would import for nothing else.

namespace fastest::py {

/// Whether the engine does by itself what a function of this module does: nobody has imported the module, so nobody
/// can have patched the function.
bool does_without(const char* module);

}  // namespace fastest::py
