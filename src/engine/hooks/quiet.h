#pragma once
// Runs of tests at which nobody but the engine looks.
//
// The general path undoes after each phase what it did before it: capture, log handlers, warning filters,
// PYTEST_CURRENT_TEST, ... , as Python code may run in between and sees the difference. A quiet run leaves all that
// standing as long as every implementation of the per-test hooks is the engine's, and puts it back ("settles") before
// anybody could look.
//
// An implementation that can take part says so with `plays_quietly`; its part is what it does then, in the same place
// among the others as in the general path. Implementations of others are called in their places, and what stands is
// settled before. A native implementation without a part ends the quiet run.

#include <memory>

#include "engine/py/module.h"

namespace fastest::hooks {

using py::handle;
using py::object;

enum class Phase : unsigned char { kSetup, kCall, kTeardown };
/// "setup", "call" or "teardown".
handle name_of(Phase phase);
std::string_view text_of(Phase phase);

/// A phase that passed, with nothing that its report would have to say: no sections, properties or marks of an outcome.
struct PhasePassed {
    handle item;
    handle nodeid;  // str
    Phase phase;
    double start, stop;  // seconds since the epoch
    double duration;     // seconds
    handle report = {};  // the report, if it has been made for others
};

/// What a quiet run offers to the parts in it.
class QuietRun {
public:
    virtual handle session() const = 0;
    /// Whether others see each report: then everything is settled after each phase.
    virtual bool settles_each_phase() const = 0;
    /// To be called before any Python code could run between two phases.
    virtual void settle() = 0;
    /// The descriptor that leads to where `fd` leads when nothing stands.
    virtual int real_descriptor(int fd) = 0;

protected:
    ~QuietRun() = default;
};

/// One plugin's part. What throws makes its phase fail, as in the general path.
class QuietPart {
public:
    virtual ~QuietPart() = default;
    /// Whether this item needs nothing that the part does not do. Asked before anything is done for the item.
    virtual bool plain(handle /*item*/) { return true; }
    /// Around the whole item.
    virtual void begin(handle /*item*/) {}
    virtual void end(handle /*item*/) {}
    /// In the place of pytest_runtest_logstart.
    virtual void start(handle /*item*/, handle /*nodeid*/) {}
    /// A phase in which no Python code of others would run is left out, unless a part needs it.
    virtual bool needs(handle /*item*/, Phase) { return false; }
    /// Around a phase. `leave` comes in the reverse order.
    virtual void enter(handle /*item*/, Phase) {}
    virtual void leave(handle /*item*/, Phase, bool /*failed*/) {}
    /// What an implementation does that wraps nothing and comes last, if the phase has not failed.
    virtual void after(handle /*item*/, Phase) {}
    /// Whether the report of a phase that passed is not a plain one.
    virtual bool wants_report(handle /*item*/, Phase) { return false; }
    /// In the place of pytest_runtest_logreport.
    virtual void passed(const PhasePassed&) {}
    /// In the place of pytest_runtest_logfinish, whatever became of the item.
    virtual void over(handle /*item*/, handle /*nodeid*/) {}
    /// Puts back what stands since `enter`.
    virtual void settle() {}
    /// Puts back what stands since `begin`.
    virtual void finish() {}
    /// The descriptor that this part keeps of the original of `fd` while it stands, else -1.
    virtual int kept_descriptor(int /*fd*/) { return -1; }
};

/// Makes the part of a plugin's implementations; `plugin` is the object or module whose function it is. Null: not as
/// configured.
using MakeQuietPart = std::unique_ptr<QuietPart> (*)(handle plugin, QuietRun& run);

/// Declares, when the namespace is made, that a native hook implementation can take part.
void plays_quietly(handle function, MakeQuietPart make);
/// Null for implementations that cannot.
MakeQuietPart quiet_part_of(handle function);

/// Declares, when the namespace is made, that a native implementation is to be called each time, as one of others is.
void wants_each_call(handle function);
bool is_wanted_each_time(handle function);

/// The part of implementations that have nothing to do in a quiet run, or whose work the run itself does.
std::unique_ptr<QuietPart> idle_part(handle plugin, QuietRun& run);

}  // namespace fastest::hooks
