#pragma once
// Who takes part in a quiet run: the implementations of the per-test hooks, as long as all of them are the engine's.

#include <array>
#include <vector>

#include "engine/hooks/quiet.h"
#include "engine/run/known.h"

namespace fastest::run {

class QuietPlan {
public:
    using Parts = std::vector<hooks::QuietPart*>;

    QuietPlan(handle config, hooks::QuietRun& run) : config_(config), run_(run) {}

    /// Whether the hooks are still implemented as they were when the plan was made.
    bool holds() const;
    /// Looks at the hooks again. The parts of the former plan are gone afterwards.
    void make();
    /// Whether every implementation takes part.
    bool quiet() const { return quiet_; }

    const Parts& all() const { return all_; }
    const Parts& protocol() const { return places_[0]; }
    const Parts& start() const { return places_[1]; }
    const Parts& phase(hooks::Phase phase) const { return places_[2 + static_cast<std::size_t>(phase)]; }
    /// Of the hooks that make and judge reports.
    const Parts& report() const { return places_[5]; }
    const Parts& log() const { return places_[6]; }

private:
    struct Hook {
        handle name;
        object caller;
        object implementations;  // tuple, as the list was
    };
    bool add_hook(handle name, Parts* place);
    hooks::QuietPart* part_for(hooks::MakeQuietPart make, handle plugin);

    handle config_;
    hooks::QuietRun& run_;
    bool quiet_ = false;
    std::vector<Hook> hooks_;
    std::array<Parts, 7> places_;
    struct Made {
        hooks::MakeQuietPart make;
        PyObject* plugin;
        std::unique_ptr<hooks::QuietPart> part;
    };
    std::vector<Made> made_;
    Parts all_;
};

}  // namespace fastest::run
