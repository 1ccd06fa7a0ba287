#pragma once
// Failures and warnings as commands of GitHub's workflows, which show them beside the source:
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands

#include <set>

#include "report/events.h"

namespace fastest::report {

class GithubAnnotations final : public Listener {
public:
    /// As many of a kind as GitHub shows for a step.
    static constexpr std::size_t kMost = 10;

    /// `workspace` is the absolute folder of the checkout, empty when not known.
    explicit GithubAnnotations(std::string workspace) : workspace_(std::move(workspace)) {}

    bool wants_tests() const override { return false; }
    void run_started(const RunStarted& run) override { root_ = run.root; }
    void collected(const Collected&) override;
    void phase_ended(const PhaseEnded&) override;
    void warned(const Warned&) override;

    /// One command a line.
    const std::string& commands() const { return commands_; }

private:
    /// Says the same only once.
    void add(std::string_view kind, const std::string& file, std::optional<long long> line, std::string_view title,
             std::string_view message);
    std::string in_workspace(const std::string& file) const;

    std::string workspace_, root_, commands_;
    std::set<std::string> added_;
    std::map<std::string, std::size_t, std::less<>> counts_;  // by kind
};

}  // namespace fastest::report
