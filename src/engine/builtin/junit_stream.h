#pragma once
// The testcases of a JUnit file as texts, each written when its test has finished.
//
// They go to the file itself, which is a valid document whenever the process dies: what has finished is in it. Its head
// differs from that of the finished one (the numbers have room to grow), so the finished document is another file,
// which then takes its place.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "os/closed_file.h"

namespace fastest::builtin {

class JunitStream {
public:
    /// In the file at `path` when that can be made, else in one without a name. `suite_name` is escaped for an
    /// attribute. Null when there can be neither.
    static std::unique_ptr<JunitStream> start(const std::string& path, std::string suite_name);

    /// A place for one more testcase, behind the others. Its number.
    std::size_t reserve();
    /// Writes the testcase of a place. False when that is not possible; then it is still to be written at the end.
    bool fill(std::size_t place, std::string_view testcase);
    /// The last place is none after all.
    void take_back() { places_.pop_back(); }
    std::size_t size() const { return places_.size(); }
    std::string text_of(std::size_t place) const;
    /// Gives the testcases of the places from `first` to before `last` to `write`, in pieces of bounded size. All have
    /// to be filled.
    void copy(std::size_t first, std::size_t last, const std::function<void(std::string_view)>& write) const;

    struct Counts {
        long long errors, failures, skipped, tests;
    };
    /// Whether the numbers in the head are old enough to be written again. `now` is seconds since the epoch.
    bool is_due(double now) const { return now - shown_ > 0.2; }
    void show(const Counts& counts, double now);

    /// Whether the file at this path is the one that is written to.
    bool is_at(const std::string& path) const { return file_.is_at(path); }

    /// The test whose last phases have passed without reports, and the time that they count for, in seconds.
    struct Waiting {
        std::string nodeid;
        double duration = 0;
    };
    std::optional<Waiting> waiting;

private:
    struct Place {
        long long offset = 0;
        std::size_t size = 0;
    };
    JunitStream(os::ClosedFile file, std::string suite_name, double now);

    os::ClosedFile file_;
    std::string suite_name_;
    double started_, shown_;
    std::vector<Place> places_;
};

}  // namespace fastest::builtin
