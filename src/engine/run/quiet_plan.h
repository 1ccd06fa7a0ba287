#pragma once
// Who takes part in a quiet run: the implementations of the per-test hooks, in the order in which they are called.

#include <array>
#include <vector>

#include "engine/hooks/impl.h"
#include "engine/hooks/quiet.h"
#include "engine/run/known.h"

namespace fastest::run {

class QuietPlan {
public:
    /// One implementation: the engine's part, or somebody else's function.
    struct Place {
        hooks::QuietPart* part = nullptr;
        const hooks::Impl* foreign = nullptr;
    };
    struct Hook {
        handle name;
        object caller;
        object implementations;  // tuple, as the list was
        std::vector<Place> places;
        bool has_foreign = false;
        std::size_t runner = 0;  // the place of the runner's own implementation
    };
    using Parts = std::vector<hooks::QuietPart*>;

    QuietPlan(handle config, hooks::QuietRun& run) : config_(config), run_(run) {}

    /// Whether the hooks are still implemented as they were when the plan was made.
    bool holds() const;
    /// Looks at the hooks again. The parts of the former plan are gone afterwards.
    void make();
    /// Whether the run can be quiet.
    bool quiet() const { return quiet_; }

    const Parts& all() const { return all_; }
    const std::vector<Hook>& hooks() const { return hooks_; }
    const Hook& protocol() const { return hooks_[0]; }
    const Hook& start() const { return hooks_[1]; }
    const Hook& phase(hooks::Phase phase) const { return hooks_[2 + static_cast<std::size_t>(phase)]; }
    const Hook& make_report() const { return hooks_[5]; }
    const Hook& status() const { return hooks_[6]; }
    const Hook& log() const { return hooks_[7]; }
    const Hook& finish() const { return hooks_[8]; }
    const Hook& call_function() const { return hooks_[9]; }
    /// Whether others see each report.
    bool shows_reports() const { return make_report().has_foreign || log().has_foreign; }
    /// Whether anybody else is called for an item.
    bool has_foreign() const { return has_foreign_; }

private:
    /// Which implementations of others a quiet run can call.
    enum class Foreign { kNone, kPlain, kWrappers, kAll };
    bool fill(Hook& hook, Foreign allowed);
    hooks::QuietPart* part_for(hooks::MakeQuietPart make, handle plugin);

    handle config_;
    hooks::QuietRun& run_;
    bool quiet_ = false, has_foreign_ = false;
    std::vector<Hook> hooks_;
    mutable unsigned long long callers_version_ = 0;  // of the dict in which the callers of `hooks_` were last found
    struct Made {
        hooks::MakeQuietPart make;
        PyObject* plugin;
        std::unique_ptr<hooks::QuietPart> part;
    };
    std::vector<Made> made_;
    Parts all_;
};

}  // namespace fastest::run
