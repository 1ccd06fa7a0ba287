#pragma once
// The short cut of the loop: items at which nobody looks go through their phases without a hook call.
//
// It is taken for plain test functions while every implementation of the per-test hooks plays quietly (hooks/quiet.h).
// What fails, or has something to report, goes on in the general path from there.

#include "engine/collect/garbage_pause.h"
#include "engine/run/quiet_plan.h"

namespace fastest::run {

class QuietItems final : public hooks::QuietRun {
public:
    explicit QuietItems(handle session);

    /// Runs an item, or does nothing and says false: then everything is as it is between two items of the general path.
    bool run(handle item, handle next);
    /// Puts everything back.
    void close();

    handle session() const override { return session_; }
    bool settles_each_phase() const override { return plan_.shows_reports(); }
    void settle() override;
    int real_descriptor(int fd) override;

private:
    friend class QuietItem;

    /// Finds which conftests the item's directory leaves out. False for hook proxies that are not the engine's.
    bool find_scope(handle item);

    handle session_;
    QuietPlan plan_;
    bool enabled_;
    bool open_ = false;       // something may stand
    bool announced_ = false;  // PYTEST_CURRENT_TEST is set
    bool between_ = true;     // no phase is being reported
    object scope_of_;         // the parent that `left_out_` was found for
    object left_out_;         // set of plugins whose implementations are not called; null for none
};

}  // namespace fastest::run
