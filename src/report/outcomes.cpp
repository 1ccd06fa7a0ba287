#include "report/outcomes.h"

namespace fastest::report {

void Outcome::add(const PhaseEnded& phase) {
    if (phase.phase == "setup") runs_again_ = false;
    bool is_call = phase.phase == "call", has_failed = phase.outcome == "failed";
    if (has_failed) (is_call ? failed_ : error_) = true;
    if (!phase.subtest.empty()) return;  // its time is part of the test's own
    if (start_ == 0) start_ = phase.start;
    duration_ += phase.duration;
    if (phase.outcome == "rerun") {  // nothing of this attempt counts
        failed_ = error_ = skipped_ = xfailed_ = xpassed_ = false;
        ++reruns_;
        runs_again_ = true;
    } else if (phase.outcome == "skipped") {
        (phase.expected_to_fail ? xfailed_ : skipped_) = true;
    } else if (phase.outcome == "passed" && phase.expected_to_fail) {
        xpassed_ = true;
    }
}

std::string_view Outcome::status() const {
    if (failed_) return "failed";
    if (error_) return "error";
    if (skipped_) return "skipped";
    if (xfailed_) return "xfailed";
    return xpassed_ ? "xpassed" : "passed";
}

}  // namespace fastest::report
