#pragma once
// What a program that reads the screen wants to know of a run: what failed, why, and how to run it again. The same in
// each run (no times, addresses or numbered folders), and of bounded length.

#include "report/events.h"

namespace fastest::report {

class AgentText final : public Listener {
public:
    struct Settings {
        bool silent_success = false;  // nothing is said when all is well
        bool lists_tests = false;     // the tests are shown, as they will not run
        std::string program = "fastest";
    };
    explicit AgentText(Settings settings) : settings_(std::move(settings)) {}

    bool wants_tests() const override { return settings_.lists_tests; }
    void collected(const Collected&) override;
    void output(const Output&) override;
    void phase_ended(const PhaseEnded&) override;
    void warned(const Warned&) override { ++warnings_; }
    void crashed(const Crashed&) override;
    void run_ended(const RunEnded&) override;

    /// When the run has ended.
    const std::string& text() const { return text_; }

private:
    struct Failure {
        std::string title, id, subtest;
        Problem problem;
        std::vector<std::pair<std::string, std::string>> output;  // stream, text
    };
    void add_failure(Failure failure);
    void write_failures();
    void write_commands();
    void write_totals(const RunEnded& run);
    void line(std::string_view text);

    Settings settings_;
    std::vector<Failure> failures_;    // those that are shown in full
    std::vector<std::string> others_;  // a line each
    std::vector<std::string> failed_;  // ids to run again
    std::size_t left_out_ = 0, warnings_ = 0;
    std::vector<Crashed> crashes_;
    std::vector<std::string> tests_;
    std::size_t unlisted_ = 0;
    std::size_t output_index_ = 0;
    std::vector<std::pair<std::string, std::string>> output_;  // of the test that runs
    std::string text_;
};

}  // namespace fastest::report
