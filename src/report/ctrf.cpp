#include "report/ctrf.h"

#include <cmath>

#include "base/json.h"
#include "base/text.h"
#include "report/ids.h"

namespace fastest::report {
namespace {

using base::JsonObject;

long long milliseconds(double seconds) { return std::llround(seconds * 1000); }

/// A status of the format for one of ours. As in JUnit files, an expected failure counts as skipped.
std::string ctrf_status(std::string_view status) {
    if (status == "error") return "failed";
    if (status == "xfailed") return "skipped";
    if (status == "xpassed") return "passed";
    return std::string(status);
}

void add_lines(std::vector<std::string>& lines, std::string_view text) {
    for (std::string_view line : base::split_lines(text)) lines.emplace_back(line);
}

void add_failure(JsonObject& json, const std::string& message, const std::string& trace) {
    json.text_if_any("message", message).text_if_any("trace", trace);
}

JsonObject head(std::string_view label, std::string_view id, const std::string& status, double duration) {
    JsonObject json;
    json.text("name", label.empty() ? id : label).text("status", status).integer("duration", milliseconds(duration));
    if (std::vector<std::string> suite = parents_of(id); !suite.empty()) json.texts("suite", suite);
    return json;
}

void add_place(JsonObject& json, const std::string& file, std::optional<long long> line) {
    json.text_if_any("filePath", file);
    if (line) json.integer("line", *line);
}

}  // namespace

void Ctrf::run_started(const RunStarted& run) {
    JsonObject tool;
    tool_ = tool.text("name", "fastest").text("version", run.version).finish();
    platform_ = run.platform;
    python_ = run.python;
    start_ = milliseconds(run.time);
}

void Ctrf::add(const std::string& status, const std::string& json) {
    ++counts_[status];
    if (!tests_.empty()) tests_ += ",\n";
    tests_ += json;
}

void Ctrf::collected(const Collected& node) {
    if (node.index) {
        waiting_[*node.index] = {node.label, node.file, node.line, {}, {}, {}, {}, {}};
        return;
    }
    if (node.status != "failed") return;
    JsonObject json = head(node.label, node.id, "failed", 0);
    std::string first = node.message.substr(0, node.message.find('\n'));
    add_failure(json, first, node.message);
    add_place(json, node.file, node.line);
    add("failed", json.text("rawStatus", "error").finish());
}

void Ctrf::output(const Output& output) {
    Test& test = waiting_[output.index];
    if (output.stream == "stdout") add_lines(test.out, output.text);
    if (output.stream == "stderr") add_lines(test.err, output.text);
}

void Ctrf::phase_ended(const PhaseEnded& phase) {
    if (!phase.problem) return;
    Test& test = waiting_[phase.index];
    const Problem& problem = *phase.problem;
    if (test.message.empty()) test.message = problem.message;
    if (!problem.traceback.empty()) test.trace += (test.trace.empty() ? "" : "\n\n") + problem.traceback;
    test.hints.insert(test.hints.end(), problem.hints.begin(), problem.hints.end());
}

void Ctrf::test_ended(const TestEnded& ended) {
    auto found = waiting_.find(ended.index);
    Test test = found == waiting_.end() ? Test{} : std::move(found->second);
    if (found != waiting_.end()) waiting_.erase(found);
    std::string status = ctrf_status(ended.status);
    JsonObject json = head(test.label.empty() ? label_of(ended.id) : test.label, ended.id, status, ended.duration);
    json.integer("start", milliseconds(ended.start)).integer("stop", milliseconds(ended.start + ended.duration));
    add_place(json, test.file, test.line);
    add_failure(json, test.message, test.trace);
    if (status != ended.status) json.text("rawStatus", ended.status);
    if (ended.reruns) {
        json.integer("retries", ended.reruns);
        if (status == "passed") json.json("flaky", "true");
    }
    if (!test.out.empty()) json.texts("stdout", test.out);
    if (!test.err.empty()) json.texts("stderr", test.err);
    JsonObject extra;
    extra.text("id", ended.id);
    if (!test.hints.empty()) extra.texts("hints", test.hints);
    add(status, json.json("extra", extra.finish()).finish());
}

void Ctrf::run_ended(const RunEnded& run) {
    long long all = 0;
    for (const auto& [status, count] : counts_) all += count;
    JsonObject summary;
    summary.integer("tests", all);
    for (const char* status : {"passed", "failed", "skipped", "pending", "other"})
        summary.integer(status, counts_.contains(status) ? counts_.at(status) : 0);
    summary.integer("start", start_).integer("stop", milliseconds(run.time));
    JsonObject exit, python, environment, results, document;
    exit.integer("exitStatus", run.exit_status).text_if_any("reason", run.reason);
    summary.json("extra", exit.finish());
    environment.text("osPlatform", platform_).json("extra", python.text("python", python_).finish());
    results.json("tool", tool_)
        .json("summary", summary.finish())
        .json("tests", "[\n" + tests_ + "\n]")
        .json("environment", environment.finish());
    document_ = document.text("reportFormat", "CTRF")
                    .text("specVersion", "0.0.0")
                    .text("generatedBy", "fastest")
                    .json("results", results.finish())
                    .finish();
    document_ += '\n';
    tests_.clear();
}

}  // namespace fastest::report
