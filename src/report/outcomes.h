#pragma once
// What becomes of a test, from its phases.

#include <string_view>

#include "report/events.h"

namespace fastest::report {

class Outcome {
public:
    void add(const PhaseEnded& phase);
    /// passed, failed, error, skipped, xfailed or xpassed.
    std::string_view status() const;
    double start() const { return start_; }
    double duration() const { return duration_; }
    int reruns() const { return reruns_; }
    /// Whether the last attempt does not count, and another one is to come.
    bool runs_again() const { return runs_again_; }

private:
    bool failed_ = false, error_ = false, skipped_ = false, xfailed_ = false, xpassed_ = false;
    double start_ = 0, duration_ = 0;
    int reruns_ = 0;
    bool runs_again_ = false;
};

}  // namespace fastest::report
