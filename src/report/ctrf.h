#pragma once
// The run as a document in the Common Test Report Format (https://ctrf.io, schema of November 2025).

#include <string>
#include <unordered_map>

#include "report/events.h"

namespace fastest::report {

class Ctrf final : public Listener {
public:
    void run_started(const RunStarted&) override;
    void collected(const Collected&) override;
    void output(const Output&) override;
    void phase_ended(const PhaseEnded&) override;
    void test_ended(const TestEnded&) override;
    void run_ended(const RunEnded&) override;

    /// The document, when the run has ended.
    const std::string& document() const { return document_; }

private:
    /// What is known of a test before its end.
    struct Test {
        std::string label, file;
        std::optional<long long> line;
        std::string message, trace;
        std::vector<std::string> out, err, hints;
    };
    void add(const std::string& status, const std::string& json);

    std::unordered_map<std::size_t, Test> waiting_;  // by index
    std::map<std::string, long long> counts_;
    std::string tests_, tool_, platform_, python_, document_;
    long long start_ = 0;
};

}  // namespace fastest::report
