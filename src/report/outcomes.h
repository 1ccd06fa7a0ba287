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

private:
    bool failed_ = false, error_ = false, skipped_ = false, xfailed_ = false, xpassed_ = false;
    double start_ = 0, duration_ = 0;
    int reruns_ = 0;
};

}  // namespace fastest::report
