#pragma once
// The events of a run (report/events.h), and who listens to them.

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "report/events.h"
#include "report/outcomes.h"

namespace fastest::extras {

class RunEvents {
public:
    /// `root`: the folder to which files are relative; `folder`: the one in which the run was begun.
    RunEvents(std::string root, std::string folder) : root_(std::move(root)), folder_(std::move(folder)) {}

    void add(std::shared_ptr<report::Listener> listener) { listeners_.push_back(std::move(listener)); }

    /// Whether somebody wants to be told of each test that will run; else they are numbered when they start.
    bool wants_tests() const;

    void run_started(const report::RunStarted& run);
    /// A test that will run; they are numbered as they come.
    void will_run(report::Collected test);
    void collected(const report::Collected& node);
    void collection_ended();
    void test_started(std::string id);
    /// A phase with its output. Fills in the test's number.
    void phase_ended(std::string_view id, report::PhaseEnded phase, std::vector<report::Output> outputs = {});
    /// A test is over: nothing more will be reported of it.
    void test_finished(const std::string& id);
    /// Those that come before the run starts are told when it does.
    void warned(report::Warned warning);
    void crashed(report::Crashed crash);
    /// Fills in counts and durations.
    void run_ended(report::RunEnded run);

    bool has_tests() const { return next_ > 0; }
    /// A file relative to the root folder, if it is below it. Relative ones are taken to be relative to `folder`.
    std::string file_name(const std::string& path) const;
    const std::string& root() const { return root_; }

private:
    struct Running {
        std::size_t index;
        report::Outcome outcome;
        bool is_torn_down = false;
    };
    Running& running(std::string_view id);
    std::size_t next_index_of(const std::string& id);
    void end(std::unordered_map<std::string, Running>::iterator test);
    void end_torn_down();

    struct Numbers {
        std::vector<std::size_t> all;
        std::size_t started = 0;
    };
    std::string root_, folder_;
    std::vector<std::shared_ptr<report::Listener>> listeners_;
    std::unordered_map<std::string, Numbers> numbers_;  // by id
    std::unordered_map<std::string, Running> running_;  // by id
    std::string last_id_;                               // of the test that was started last
    std::size_t next_ = 0, deselected_ = 0;
    double started_ = 0;
    std::vector<report::Warned> early_;
    std::map<std::string, std::size_t, std::less<>> counts_;
};

}  // namespace fastest::extras
