#pragma once
// Frames of pytest where the engine has none: exceptions that never passed Python code have no traceback, and
// ExceptionInfo and tracebacks printers want one; functions that users put in may look for who called them.

#include <initializer_list>
#include <utility>

#include "engine/py/object.h"

namespace fastest::py {

/// Gives an exception without a traceback, or with no more than an entry that the functions below have given it, one
/// entry: this function of a (facade) module. Functions of a class are named with it (`Class.method`).
void ensure_traceback(handle exception, const char* module, const char* function);

/// Puts an entry of that function before an exception's traceback, for work that would show there if it were Python.
void add_traceback(handle exception, const char* module, const char* function);

/// The same with an entry that asks to be hidden (`__tracebackhide__`, which it adds to the given local variables).
void add_hidden_traceback(handle exception, const char* module, const char* function, handle variables);

/// Raises it as that function would if it were Python: with a hidden entry that has these local variables.
[[noreturn]] void raise_hidden(const char* module, const char* function,
                               std::initializer_list<std::pair<handle, handle>> variables, handle exception);

/// Calls a clock of `_pytest.timing`, or what reads its clocks. When somebody has replaced them that happens in a frame
/// of this module of pytest: libraries that stop the time let it go on for some callers.
object call_timing(const char* module, handle function);

/// Whether a code object is that of such an entry: its file has no line that could be shown.
bool is_entry_code(handle code);

}  // namespace fastest::py
