#pragma once
// Errors that no test can catch: raised in a destructor ("unraisable") or in a thread. A process hook notes them in a
// queue on the config; the end of each phase turns what is in the queue into warnings, charged to that phase.

#include "engine/hooks/quiet.h"
#include "engine/py/finally.h"
#include "engine/py/functools.h"
#include "engine/run/known.h"

namespace fastest::builtin {

using namespace run;

/// A plugin for one kind of them.
struct UncaughtKind {
    const char* facade;  // its module
    handle (*queue_key)();
};

object queue_of(handle config, const UncaughtKind& kind);

/// Warns of everything in the queue, by the function `warn_of` of the plugin's facade: its frame, its source lines and
/// how deep they are indented are seen in reports. Nothing is called when the queue is empty.
void warn_of_queued(handle config, const UncaughtKind& kind);

/// Runs `note`; what that raises is noted itself.
template <class Note>
void note_or_error(handle append_to, Note&& note) {
    try {
        note();
    } catch (nb::python_error& error) {
        call(append_to, error.value());
        throw;
    }
}

/// Runs `last_warnings`, then puts the process hook back (`holder.name = previous`) and forgets the queue.
template <class LastWarnings>
void end_noting(handle config, const UncaughtKind& kind, const char* holder, handle name, handle previous,
                LastWarnings&& last_warnings) {
    finally(last_warnings, [&] {
        set(import_module(holder), name, previous);
        check(PyObject_DelItem(get(config, "stash"_n).ptr(), kind.queue_key().ptr()));
    });
}

/// The hooks at the end of each phase of a test.
void define_phase_ends(Module& m, Body at_end, hooks::MakeQuietPart quietly);

/// The part of a plugin that warns of its queue at the end of each phase: it does so when there is something in it.
std::unique_ptr<hooks::QuietPart> quiet_queue(hooks::QuietRun& run, const UncaughtKind& kind);

/// `message` with the formatted traceback and where the object was allocated, and the same without the traceback.
struct UncaughtTexts {
    object full, brief;
};
UncaughtTexts uncaught_texts(const std::string& summary, handle type, handle value, handle traceback, handle source);

}  // namespace fastest::builtin
