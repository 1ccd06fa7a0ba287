#pragma once
// The run as JSON lines, one an event, written when it happens. docs/formats/report-json.md describes them.

#include "os/line_file.h"
#include "report/events.h"

namespace fastest::report {

class JsonLines final : public Listener {
public:
    /// The version of the format: its major part changes when a reader of the former could misread it.
    static constexpr const char* kVersion = "1.0";

    explicit JsonLines(os::LineFile file) : file_(std::move(file)) {}

    /// The system's words when the file could not be written any longer, else empty.
    const std::string& error() const { return file_.error(); }

    void run_started(const RunStarted&) override;
    void collected(const Collected&) override;
    void collection_ended() override { flush(); }
    void test_started(const TestStarted&) override;
    void output(const Output&) override;
    void phase_ended(const PhaseEnded&) override;
    void test_ended(const TestEnded&) override;
    void warned(const Warned&) override;
    void crashed(const Crashed&) override;
    void run_ended(const RunEnded&) override;

private:
    void add(std::string line);
    void flush();

    os::LineFile file_;
    std::string pending_;  // lines that wait for the next one
};

}  // namespace fastest::report
