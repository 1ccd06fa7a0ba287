#pragma once
// Errors that no test can catch: raised in a destructor ("unraisable") or in a thread. A process hook notes them in a queue on
// the config; the end of each phase turns what is in the queue into warnings, charged to that phase.

#include "engine/run/known.h"

namespace fastest::builtin {

using namespace run;

/// What differs between the two plugins.
struct UncaughtKind {
    const char* module;       // the facade module, whose file the warnings name
    int line;                 // the line they name
    const char* warning;      // class name in `_pytest.warning_types`
    const char* failed_note;  // RuntimeError when the process hook itself failed
    const char* group;        // message for several errors
};

/// Warns of everything in the queue; raises what `-W error` makes of it. The queue may be null.
void warn_of_queued(handle queue, const UncaughtKind& kind);
object queue_of(handle config, handle key);

/// `message` with the formatted traceback and where the object was allocated, and the same without the traceback.
struct UncaughtTexts {
    object full, brief;
};
UncaughtTexts uncaught_texts(const std::string& summary, handle type, handle value, handle traceback, handle source);

/// `functools.partial(function, **keywords)`.
object partial(handle function, std::initializer_list<Keyword> keywords);

}  // namespace fastest::builtin
