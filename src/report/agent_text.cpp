#include "report/agent_text.h"

#include <algorithm>

#include "report/excerpt.h"

namespace fastest::report {
namespace {

constexpr std::size_t kFailures = 10;  // in full
constexpr std::size_t kLines = 140;    // of all their tracebacks and outputs
constexpr std::size_t kOthers = 20;    // a line each
constexpr std::size_t kCommandIds = 10;
constexpr std::size_t kOutputLines = 8;    // of a stream
constexpr std::size_t kLength = 500;       // bytes of a line
constexpr std::size_t kListed = 1000;      // tests of a listing
constexpr std::size_t kWaiting = 1 << 16;  // bytes of output that are kept of the test that runs

std::string first_line(std::string_view text) { return std::string(text.substr(0, text.find('\n'))); }

}  // namespace

void AgentText::line(std::string_view text) {
    text_ += shortened(without_accidents(text), kLength);
    text_ += '\n';
}

void AgentText::collected(const Collected& node) {
    if (node.status == "failed") {
        Problem problem;
        problem.message = first_line(node.message);
        problem.traceback = node.message;
        add_failure({"ERROR collecting " + node.id, node.id, {}, std::move(problem), {}});
    }
    if (!settings_.lists_tests || !node.index) return;
    if (tests_.size() < kListed)
        tests_.push_back(node.id);
    else
        ++unlisted_;
}

void AgentText::output(const Output& output) {
    if (output.index != output_index_) output_.clear();
    output_index_ = output.index;
    std::size_t start = output.text.size() > kWaiting ? output.text.size() - kWaiting : 0;
    output_.emplace_back(output.stream, output.text.substr(start));
}

void AgentText::phase_ended(const PhaseEnded& phase) {
    if (phase.outcome != "failed" || !phase.problem) return;
    std::string title = phase.phase == "call" ? "FAILED " : "ERROR at " + std::string(phase.phase) + " of ";
    title += phase.id;
    if (!phase.subtest.empty()) title += " " + phase.subtest;
    Failure failure{std::move(title), std::string(phase.id), phase.subtest, *phase.problem, {}};
    if (phase.index == output_index_) failure.output = output_;
    add_failure(std::move(failure));
}

void AgentText::crashed(const Crashed& crash) { crashes_.push_back(crash); }

void AgentText::add_failure(Failure failure) {
    if (std::ranges::find(failed_, failure.id) == failed_.end() && failed_.size() <= kCommandIds)
        failed_.push_back(failure.id);
    if (failures_.size() < kFailures) {
        failures_.push_back(std::move(failure));
    } else if (others_.size() < kOthers) {
        std::string message = first_line(failure.problem.message);
        others_.push_back(failure.title + (message.empty() ? "" : " - " + message));
    } else {
        ++left_out_;
    }
}

void AgentText::write_failures() {
    std::size_t budget = failures_.empty() ? 0 : kLines / failures_.size();
    for (const Failure& failure : failures_) {
        line(failure.title);
        std::size_t left = budget;
        const std::string& shown =
            failure.problem.traceback.empty() ? failure.problem.message : failure.problem.traceback;
        for (const std::string& text : excerpt_of_traceback(shown, std::max<std::size_t>(left / 2, 6))) {
            line(text);
            left -= left > 0;
        }
        for (const std::string& hint : failure.problem.hints) line("hint: " + hint);
        for (const auto& [stream, text] : failure.output) {
            if (left < 3) break;
            line("captured " + stream + ":");
            for (const std::string& text_line : last_lines(text, std::min(left - 1, kOutputLines))) {
                line("  " + text_line);
                left -= left > 0;
            }
        }
        text_ += '\n';
    }
    for (const std::string& other : others_) line(other);
    if (left_out_) line("... and " + std::to_string(left_out_) + " more");
    if (!others_.empty()) text_ += '\n';
}

void AgentText::write_commands() {
    if (failed_.empty()) return;
    std::string command = settings_.program + " --format=agent";
    if (failed_.size() > kCommandIds) {
        command += " --lf";
    } else {
        for (const std::string& id : failed_) command += " " + quoted_for_shell(id);
    }
    text_ += "Run again: " + command + "\n";
}

void AgentText::write_totals(const RunEnded& run) {
    std::string totals;
    auto add = [&](std::size_t count, const std::string& what) {
        if (count) totals += (totals.empty() ? "" : ", ") + std::to_string(count) + " " + what;
    };
    auto count_of = [&](std::string_view status) {
        auto found = run.counts.find(status);
        return found == run.counts.end() ? std::size_t{0} : found->second;
    };
    if (settings_.lists_tests) add(run.collected, run.collected == 1 ? "test" : "tests");
    add(count_of("failed"), "failed");
    add(count_of("error"), count_of("error") == 1 ? "error" : "errors");
    for (const char* status : {"passed", "skipped", "xfailed", "xpassed"}) add(count_of(status), status);
    add(run.deselected, "deselected");
    add(warnings_, warnings_ == 1 ? "warning" : "warnings");
    line(totals.empty() ? "no tests ran" : totals);
}

void AgentText::run_ended(const RunEnded& run) {
    bool is_success = run.exit_status == 0 && crashes_.empty();
    for (const std::string& test : tests_) line(test);
    if (unlisted_) line("... and " + std::to_string(unlisted_) + " more: name a folder, a file or -k");
    write_failures();
    for (const Crashed& crash : crashes_) {
        line(crash.kind + (crash.id.empty() ? "" : " in " + crash.id) + ": " + first_line(crash.message));
        for (const std::string& text : excerpt_of_traceback(crash.traceback, 30)) line(text);
    }
    if (!run.reason.empty()) line("stopped: " + first_line(run.reason));
    write_commands();
    if (is_success && settings_.silent_success && tests_.empty())
        text_.clear();
    else
        write_totals(run);
}

}  // namespace fastest::report
