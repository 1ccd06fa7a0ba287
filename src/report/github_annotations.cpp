#include "report/github_annotations.h"

namespace fastest::report {
namespace {

enum class Part { kProperty, kMessage };

std::string escaped(std::string_view text, Part part) {
    std::string out;
    for (char c : text) {
        bool is_special = c == '%' || c == '\r' || c == '\n' || (part == Part::kProperty && (c == ':' || c == ','));
        if (!is_special) {
            out += c;
            continue;
        }
        constexpr std::string_view digits = "0123456789ABCDEF";
        auto code = static_cast<unsigned char>(c);
        out += {'%', digits[code >> 4], digits[code & 15]};
    }
    return out;
}

}  // namespace

std::string GithubAnnotations::in_workspace(const std::string& file) const {
    if (file.empty()) return file;
    std::string path = file.starts_with('/') ? file : root_ + "/" + file;
    if (!workspace_.empty() && path.starts_with(workspace_ + "/")) return path.substr(workspace_.size() + 1);
    return file;
}

void GithubAnnotations::add(std::string_view kind, const std::string& file, std::optional<long long> line,
                            std::string_view title, std::string_view message) {
    std::string command = "::" + std::string(kind), between = " ";
    auto property = [&](std::string_view name, std::string_view value) {
        if (value.empty()) return;
        command += between + std::string(name) + "=" + escaped(value, Part::kProperty);
        between = ",";
    };
    property("file", in_workspace(file));
    if (!file.empty() && line) property("line", std::to_string(*line));
    property("title", title);
    command += "::" + escaped(message, Part::kMessage) + "\n";
    if (counts_[std::string(kind)] >= kMost || !added_.insert(command).second) return;
    ++counts_[std::string(kind)];
    commands_ += command;
}

void GithubAnnotations::collected(const Collected& node) {
    if (node.status != "failed") return;
    add("error", node.file, node.line.value_or(1), "ERROR collecting " + node.id, node.message);
}

void GithubAnnotations::phase_ended(const PhaseEnded& phase) {
    if (phase.outcome != "failed" || !phase.problem) return;
    const Problem& problem = *phase.problem;
    std::string title = phase.phase == "call" ? "" : "ERROR at " + std::string(phase.phase) + " of ";
    title += phase.id;
    if (!phase.subtest.empty()) title += " " + phase.subtest;
    std::string message = problem.message;
    for (const std::string& hint : problem.hints) message += "\n" + hint;
    bool knows_test = !problem.test_file.empty();
    add("error", knows_test ? problem.test_file : problem.file, knows_test ? problem.test_line : problem.line, title,
        message);
}

void GithubAnnotations::warned(const Warned& warning) {
    add("warning", warning.file, warning.line, warning.category, warning.message);
}

}  // namespace fastest::report
