#include "report/json_lines.h"

#include "base/json.h"

namespace fastest::report {
namespace {

using base::JsonObject;

constexpr std::size_t kPiece = 1 << 16;

JsonObject event(std::string_view name) {
    JsonObject line;
    line.text("event", name);
    return line;
}

JsonObject event(std::string_view name, std::string_view id, std::size_t index) {
    JsonObject line = event(name);
    line.text("id", id).integer("index", static_cast<long long>(index));
    return line;
}

void add_problem(JsonObject& line, const Problem& problem) {
    line.text("message", problem.message);
    if (!problem.file.empty()) line.text("file", problem.file);
    if (problem.line) line.integer("line", *problem.line);
    line.text_if_any("traceback", problem.traceback);
    if (!problem.hints.empty()) line.texts("hints", problem.hints);
}

}  // namespace

void JsonLines::add(std::string line) {
    pending_ += std::move(line);
    pending_ += '\n';
    if (pending_.size() > kPiece) flush();
}

void JsonLines::flush() {
    if (!pending_.empty()) file_.write(pending_);
    pending_.clear();
}

void JsonLines::run_started(const RunStarted& run) {
    add(event("session")
            .text("version", kVersion)
            .real("time", run.time)
            .text("fastest", run.version)
            .text("python", run.python)
            .text("platform", run.platform)
            .text("root", run.root)
            .texts("arguments", run.arguments)
            .finish());
    flush();
}

void JsonLines::collected(const Collected& node) {
    JsonObject line = event("collection");
    line.text("id", node.id)
        .text("label", node.label)
        .text("file", node.file)
        .integer_or_null("line", node.line)
        .text("kind", node.kind)
        .text("status", node.status);
    if (node.index) line.integer("index", static_cast<long long>(*node.index));
    line.text_if_any("message", node.message);
    add(line.finish());
}

void JsonLines::test_started(const TestStarted& test) {
    add(event("start", test.id, test.index).real("time", test.time).finish());
    flush();
}

void JsonLines::output(const Output& output) {
    add(event("output", output.id, output.index)
            .text("phase", output.phase)
            .text("stream", output.stream)
            .text("text", output.text)
            .finish());
}

void JsonLines::phase_ended(const PhaseEnded& phase) {
    JsonObject line = event("phase", phase.id, phase.index);
    line.text("phase", phase.phase)
        .text("outcome", phase.outcome)
        .real("duration", phase.duration)
        .text_if_any("subtest", phase.subtest);
    if (phase.start > 0) line.real("start", phase.start);
    if (phase.expected_to_fail) line.json("xfail", "true");
    if (phase.problem) add_problem(line, *phase.problem);
    add(line.finish());
    // The line of a set-up or teardown that passed can wait for the next one of the test, which comes soon.
    if (phase.phase == "call" || phase.outcome != "passed") flush();
}

void JsonLines::test_ended(const TestEnded& test) {
    JsonObject line = event("end", test.id, test.index);
    line.text("status", test.status).real("duration", test.duration);
    if (test.reruns) line.integer("reruns", test.reruns);
    add(line.finish());
    flush();
}

void JsonLines::warned(const Warned& warning) {
    add(event("warning")
            .text("id", warning.id)
            .text("when", warning.when)
            .text("category", warning.category)
            .text("message", warning.message)
            .text("file", warning.file)
            .integer_or_null("line", warning.line)
            .finish());
    flush();
}

void JsonLines::crashed(const Crashed& crash) {
    JsonObject line = event("crash");
    line.text("kind", crash.kind).text_if_any("id", crash.id).text("message", crash.message);
    line.text_if_any("traceback", crash.traceback);
    add(line.finish());
    flush();
}

void JsonLines::run_ended(const RunEnded& run) {
    JsonObject counts;
    for (const auto& [status, count] : run.counts) counts.integer(status, static_cast<long long>(count));
    add(event("summary")
            .integer("exit_status", run.exit_status)
            .real("time", run.time)
            .real("duration", run.duration)
            .integer("collected", static_cast<long long>(run.collected))
            .integer("deselected", static_cast<long long>(run.deselected))
            .json("counts", counts.finish())
            .text_if_any("reason", run.reason)
            .finish());
    flush();
}

}  // namespace fastest::report
