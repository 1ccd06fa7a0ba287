#include "engine/builtin/quiet_junit.h"

#include "engine/builtin/junit_places.h"
#include "engine/builtin/junit_testcase.h"
#include "engine/py/own_method.h"
#include "engine/py/short_cut.h"
#include "engine/run/reports.h"

namespace fastest::builtin {
namespace {

ShortCut g_quiet{"builtin.quiet_junit",
                 "The testcase of a test that passed is written to the JUnit file without reports and a _NodeReporter. "
                 "Seen by whoever asks LogXML for its reporters or replaces methods of these two classes, and with "
                 "junit_logging."};

constexpr const char* kLogMethods[] = {"pytest_runtest_logreport",
                                       "node_reporter",
                                       "finalize",
                                       "add_stats",
                                       "_opentestcase",
                                       "update_testcase_duration",
                                       "node_reporters",
                                       "node_reporters_ordered"};
constexpr const char* kReporterMethods[] = {"__init__", "append_pass",           "record_testreport",
                                            "to_xml",   "write_captured_output", "finalize"};
OwnMethods<std::size(kLogMethods)> g_log;  // constants
OwnMethods<std::size(kReporterMethods)> g_reporter;

/// How the names of the tests in a class or module begin in the file.
struct Address {
    std::string scope;      // the id's text up to the last `::` before the parameters
    std::string classname;  // escaped
};

class QuietJunit final : public hooks::QuietPart {
public:
    explicit QuietJunit(handle log)
        : log_(borrow(log)),
          total_(equal(get(log, "report_duration"_n), "total"_n)),
          calls_(equal(get(log, "report_duration"_n), "call"_n)),
          xunit1_(equal(get(log, "family"_n), "xunit1"_n)),
          prefix_(get(log, "prefix"_n)) {}

    bool plain(handle) override { return g_quiet.take(stream_of(log_) && !ordered_list(log_).is_valid() && is_ours()); }

    /// A reporter that has been asked for takes all reports of its test.
    bool wants_report(handle item, hooks::Phase) override {
        object reporters = get(log_, "_node_reporters"_n);
        return length(reporters) > 0 && contains(reporters, tuple_of(get(item, "id"_n), Py_None));
    }

    void passed(const hooks::PhasePassed& event) override {
        JunitStream* stream = stream_of(log_);
        if (event.phase == hooks::Phase::kSetup) attributes_ = attributes_of(event);
        if (!stream || attributes_.empty() || !is_ours()) return log_generally(event);
        if (!stream->waiting) stream->waiting.emplace(text(event.nodeid));
        double counted = total_ || (calls_ && event.phase == hooks::Phase::kCall) ? event.duration : 0;
        stream->waiting->duration += counted;
        if (event.phase == hooks::Phase::kCall) count_pass();
        if (event.phase != hooks::Phase::kTeardown) return;
        if (write(*stream)) return show_counts(log_, *stream, event.stop);
        stream->waiting->duration -= counted;
        log_generally(event);
    }

private:
    bool is_ours() const {
        return g_log.found_on(log_) &&
               facade("_pytest.junitxml", "_NodeReporter"_n).is(global<"junitxml", "_NodeReporter">()) &&
               facade("_pytest.junitxml", "mangle_test_address"_n).is(global<"junitxml", "mangle_test_address">()) &&
               g_reporter.found_in(reinterpret_cast<PyTypeObject*>(global<"junitxml", "_NodeReporter">().ptr()));
    }

    void count_pass() {
        object stats = get(log_, "stats"_n), count = dict_get(stats, "passed"_n);
        if (count.is_valid()) dict_set(stats, "passed"_n, integer(to_int(count) + 1));
    }

    void log_generally(const hooks::PhasePassed& event) {
        call_method(log_, "pytest_runtest_logreport"_n, run::report_of(event));
    }

    bool write(JunitStream& stream) {
        char seconds[64];
        std::snprintf(seconds, sizeof seconds, "%.3f", stream.waiting->duration);
        if (!stream.fill(stream.reserve(), "<testcase" + attributes_ + " time=\"" + seconds + "\" />")) {
            stream.take_back();
            return false;
        }
        stream.waiting.reset();
        return true;
    }

    /// What says which test it is; empty for ids that take a closer look.
    std::string attributes_of(const hooks::PhasePassed& event) {
        std::string nodeid = text(event.nodeid);
        std::size_t last = nodeid.rfind("::", nodeid.find('['));
        if (last == std::string::npos || (nodeid.find('[') != std::string::npos && !nodeid.ends_with(']'))) return {};
        if (!knows_address_ || address_.scope != std::string_view(nodeid).substr(0, last))
            address_ = address_of(nodeid.substr(0, last));
        knows_address_ = true;
        std::string out = " classname=\"" + address_.classname + "\" name=\"";
        escape_xml(out, text(xml_visible(str(std::string_view(nodeid).substr(last + 2)))), true);
        out += '"';
        if (xunit1_) add_location(out, get(event.item, "location"_n));
        return is_encodable(out) ? out : std::string();
    }

    Address address_of(std::string scope) const {
        object names = mangled_address(str(scope + "::name"));
        call_method(names, "pop"_n);
        if (truth(prefix_)) call_method(names, "insert"_n, integer(0), prefix_);
        Address address{std::move(scope), {}};
        escape_xml(address.classname, text(call_method("."_n, "join"_n, names)), true);
        return address;
    }

    static void add_location(std::string& out, handle location) {
        auto add = [&](const char* name, handle value) {
            out += std::string(" ") + name + "=\"";
            escape_xml(out, text(to_str(value)), true);
            out += '"';
        };
        add("file", item(location, integer(0)));
        if (object line = item(location, integer(1)); !is_none(line)) add("line", line);
    }

    object log_;
    bool total_, calls_, xunit1_;
    object prefix_;
    Address address_;
    bool knows_address_ = false;
    std::string attributes_;  // of the test that runs
};

}  // namespace

std::unique_ptr<hooks::QuietPart> quiet_junit(handle log, hooks::QuietRun&) {
    if (!type_of(log).is(global<"junitxml", "LogXML">()) || !equal(get(log, "logging"_n), "no"_n)) return nullptr;
    return std::make_unique<QuietJunit>(log);
}

void remember_junit_methods(handle log_class, handle reporter_class) {
    g_log.remember(log_class, kLogMethods);
    g_reporter.remember(reporter_class, kReporterMethods);
}

}  // namespace fastest::builtin
