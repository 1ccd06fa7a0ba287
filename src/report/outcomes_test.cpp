#include "report/outcomes.h"

#include <gtest/gtest.h>

namespace fastest::report {
namespace {

PhaseEnded phase(std::string_view when, std::string_view outcome, bool expected_to_fail = false) {
    PhaseEnded ended{"id", 0, when, outcome, 5, 1};
    ended.expected_to_fail = expected_to_fail;
    return ended;
}

std::string_view status_of(std::initializer_list<PhaseEnded> phases) {
    Outcome outcome;
    for (const PhaseEnded& ended : phases) outcome.add(ended);
    return outcome.status();
}

TEST(Outcome, OfPhases) {
    PhaseEnded good = phase("setup", "passed"), end = phase("teardown", "passed");
    EXPECT_EQ(status_of({good, phase("call", "passed"), end}), "passed");
    EXPECT_EQ(status_of({good, phase("call", "failed"), end}), "failed");
    EXPECT_EQ(status_of({phase("setup", "failed"), end}), "error");
    EXPECT_EQ(status_of({good, phase("call", "passed"), phase("teardown", "failed")}), "error");
    EXPECT_EQ(status_of({good, phase("call", "failed"), phase("teardown", "failed")}), "failed");
    EXPECT_EQ(status_of({phase("setup", "skipped"), end}), "skipped");
    EXPECT_EQ(status_of({good, phase("call", "skipped", true), end}), "xfailed");
    EXPECT_EQ(status_of({good, phase("call", "passed", true), end}), "xpassed");
}

TEST(Outcome, FailsWithAPartOfTheTest) {
    Outcome outcome;
    PhaseEnded part = phase("call", "failed");
    part.subtest = "[a]";
    outcome.add(part);
    outcome.add(phase("call", "passed"));
    EXPECT_EQ(outcome.status(), "failed");
    EXPECT_EQ(outcome.duration(), 1);
}

TEST(Outcome, ForgetsAttemptsThatDoNotCount) {
    Outcome outcome;
    outcome.add(phase("setup", "passed"));
    outcome.add(phase("call", "rerun"));
    EXPECT_TRUE(outcome.runs_again());
    outcome.add(phase("setup", "passed"));
    EXPECT_FALSE(outcome.runs_again());
    outcome.add(phase("call", "passed"));
    EXPECT_EQ(outcome.status(), "passed");
    EXPECT_EQ(outcome.reruns(), 1);
    EXPECT_EQ(outcome.duration(), 4);
    EXPECT_EQ(outcome.start(), 5);
}

}  // namespace
}  // namespace fastest::report
