#pragma once
// What happens in a run, as one stream of records. Every report is made from it.
//
// Texts are UTF-8, with lone surrogates as Python's "surrogatepass" writes them. Times are seconds since the epoch,
// durations seconds. Files are relative to the run's root folder where they are below it; lines count from 1.

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fastest::report {

struct RunStarted {
    double time;
    std::string version, python, platform;
    std::string root;  // an absolute folder
    std::vector<std::string> arguments;
};

/// A test that will run or was left out, or a collector that failed or was skipped.
struct Collected {
    std::string id;
    std::string label;  // the last part of the id, with the parameters
    std::string file;
    std::optional<long long> line;
    std::string_view kind;    // function, method, unittest, doctest, item; module, class, file, folder, session
    std::string_view status;  // collected, deselected, failed, skipped
    std::optional<std::size_t> index;  // among the tests that will run: ids may repeat
    std::string message = {};          // why it failed or was skipped
};

struct TestStarted {
    std::string_view id;
    std::size_t index;
    double time;
};

/// What a test wrote in a phase, as far as it was captured.
struct Output {
    std::string_view id;
    std::size_t index;
    std::string_view phase;
    std::string_view stream;  // stdout, stderr, log, or the title of a plugin's section
    std::string_view text;
};

/// Where something went wrong, and what.
struct Problem {
    std::string message;  // the error, or the reason to skip
    std::string file;     // empty when not known
    std::optional<long long> line;
    std::string traceback;  // as it is shown on the screen
    std::vector<std::string> hints;
    std::string test_file = {};  // where the test itself was, or stands
    std::optional<long long> test_line = {};
};

struct PhaseEnded {
    std::string_view id;
    std::size_t index;
    std::string_view phase;    // setup, call, teardown
    std::string_view outcome;  // passed, failed, skipped, or what a plugin made of it (rerun)
    double start, duration;    // the start is 0 when it is not known
    std::string subtest = {};  // which part of the test this is about
    bool expected_to_fail = false;
    std::optional<Problem> problem = {};
};

struct TestEnded {
    std::string_view id;
    std::size_t index;
    std::string_view status;  // passed, failed, error, skipped, xfailed, xpassed
    double start, duration;   // of all phases together
    int reruns;
};

struct Warned {
    std::string id;    // of the test or collector, empty when there is none
    std::string when;  // config, collect, runtest
    std::string category, message, file;
    std::optional<long long> line;
};

/// Something that ends the run, or a worker of it.
struct Crashed {
    std::string kind;  // internal-error, interrupted, worker
    std::string id;    // of the test that ran, empty when not known
    std::string message, traceback;
};

struct RunEnded {
    double time, duration;
    int exit_status;
    std::size_t collected, deselected;
    std::map<std::string, std::size_t, std::less<>> counts;  // of tests by status, and of collectors with errors
    std::string reason;                                      // why the run stopped early, empty when it did not
};

/// Somebody who makes a report of it. What the string views point to lives as long as the call.
class Listener {
public:
    virtual ~Listener() = default;
    /// Whether it is to be told of each test that will run.
    virtual bool wants_tests() const { return true; }
    virtual void run_started(const RunStarted&) {}
    virtual void collected(const Collected&) {}
    virtual void collection_ended() {}
    virtual void test_started(const TestStarted&) {}
    virtual void output(const Output&) {}
    virtual void phase_ended(const PhaseEnded&) {}
    virtual void test_ended(const TestEnded&) {}
    virtual void warned(const Warned&) {}
    virtual void crashed(const Crashed&) {}
    virtual void run_ended(const RunEnded&) {}
};

}  // namespace fastest::report
