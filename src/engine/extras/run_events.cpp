#include "engine/extras/run_events.h"

#include <algorithm>
#include <utility>

#include "os/clock.h"

namespace fastest::extras {

bool RunEvents::wants_tests() const {
    return std::ranges::any_of(listeners_, [](const auto& listener) { return listener->wants_tests(); });
}

void RunEvents::run_started(const report::RunStarted& run) {
    started_ = run.time;
    for (auto& listener : listeners_) listener->run_started(run);
    for (report::Warned& warning : std::exchange(early_, {})) warned(std::move(warning));
}

void RunEvents::will_run(report::Collected test) {
    test.index = next_++;
    numbers_[test.id].all.push_back(*test.index);
    for (auto& listener : listeners_) listener->collected(test);
}

void RunEvents::collected(const report::Collected& node) {
    if (node.status == "deselected") ++deselected_;
    if (node.status == "failed") ++counts_["error"];
    for (auto& listener : listeners_) listener->collected(node);
}

void RunEvents::collection_ended() {
    for (auto& listener : listeners_) listener->collection_ended();
}

/// Items of the same id run in the order in which they were collected.
std::size_t RunEvents::next_index_of(const std::string& id) {
    Numbers& numbers = numbers_[id];
    if (numbers.started == numbers.all.size()) numbers.all.push_back(next_++);
    return numbers.all[numbers.started++];
}

RunEvents::Running& RunEvents::running(std::string_view id) {
    std::string key(id);
    auto found = running_.find(key);
    if (found != running_.end()) return found->second;
    std::size_t index = next_index_of(key);
    return running_.emplace(std::move(key), Running{index, {}, false}).first->second;
}

void RunEvents::test_started(std::string id) {
    if (auto former = running_.find(id); former != running_.end() && !former->second.outcome.runs_again()) end(former);
    report::TestStarted started{id, running(id).index, os::wall_time()};
    for (auto& listener : listeners_) listener->test_started(started);
    last_id_ = std::move(id);
}

void RunEvents::phase_ended(std::string_view id, report::PhaseEnded phase, std::vector<report::Output> outputs) {
    Running& test = running(id);
    phase.id = id;
    phase.index = test.index;
    test.outcome.add(phase);
    for (report::Output& output : outputs) {
        output.id = id;
        output.index = test.index;
        for (auto& listener : listeners_) listener->output(output);
    }
    for (auto& listener : listeners_) listener->phase_ended(phase);
    test.is_torn_down = phase.phase == "teardown" && phase.subtest.empty();
}

void RunEvents::test_finished(const std::string& id) {
    if (auto test = running_.find(id); test != running_.end() && !test->second.outcome.runs_again()) end(test);
}

void RunEvents::end(std::unordered_map<std::string, Running>::iterator test) {
    const auto& [id, state] = *test;
    std::string_view status = state.outcome.status();
    if (auto count = counts_.find(status); count != counts_.end())
        ++count->second;
    else
        counts_.emplace(status, 1);
    report::TestEnded ended{
        id, state.index, status, state.outcome.start(), state.outcome.duration(), state.outcome.reruns()};
    for (auto& listener : listeners_) listener->test_ended(ended);
    running_.erase(test);
}

void RunEvents::warned(report::Warned warning) {
    if (started_ == 0) {
        early_.push_back(std::move(warning));
        return;
    }
    for (auto& listener : listeners_) listener->warned(warning);
}

void RunEvents::crashed(report::Crashed crash) {
    if (crash.id.empty() && running_.contains(last_id_)) crash.id = last_id_;
    for (auto& listener : listeners_) listener->crashed(crash);
}

/// Those that whoever ran them has not called finished.
void RunEvents::end_torn_down() {
    for (auto test = running_.begin(); test != running_.end();) {
        auto next = std::next(test);
        if (test->second.is_torn_down) end(test);
        test = next;
    }
}

void RunEvents::run_ended(report::RunEnded run) {
    end_torn_down();
    run.time = os::wall_time();
    run.duration = run.time - started_;
    run.deselected = deselected_;
    run.counts = counts_;
    for (auto& listener : listeners_) listener->run_ended(run);
}

std::string RunEvents::file_name(const std::string& path) const {
    if (path.empty() || path.front() == '<') return path;  // <string>, <doctest ...>
    std::string absolute = path.front() == '/' ? path : folder_ + "/" + path;
    if (absolute.starts_with(root_ + "/")) return absolute.substr(root_.size() + 1);
    return absolute;
}

}  // namespace fastest::extras
