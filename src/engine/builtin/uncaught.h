#pragma once
// Errors that no test can catch: raised in a destructor ("unraisable") or in a thread. A process hook notes them in a queue on
// the config; the end of each phase turns what is in the queue into warnings, charged to that phase.

#include "engine/hooks/quiet.h"
#include "engine/run/known.h"

namespace fastest::builtin {

using namespace run;

/// Warns of everything in the queue of this config, by the plugin's facade function `warn_of`: its frame and source line
/// are seen in reports. Nothing is called when the queue is empty.
void warn_of_queued(handle queue, const char* module);
object queue_of(handle config, handle key);

/// The part of a plugin that warns of its queue at the end of each phase: it does so when there is something in it.
std::unique_ptr<hooks::QuietPart> quiet_queue(hooks::QuietRun& run, handle key, const char* module);

/// `message` with the formatted traceback and where the object was allocated, and the same without the traceback.
struct UncaughtTexts {
    object full, brief;
};
UncaughtTexts uncaught_texts(const std::string& summary, handle type, handle value, handle traceback, handle source);

/// `functools.partial(function, **keywords)`.
object partial(handle function, std::initializer_list<Keyword> keywords);

}  // namespace fastest::builtin
