#include "engine/run/durations.h"

#include <algorithm>
#include <cstdio>
#include <vector>

namespace fastest::run {
namespace {

object add_options(Args a) {
    object group = call_method_kw(a[0], "getgroup"_n, {str("terminal reporting"), str("Reporting")}, {{"after"_n, str("general")}});
    object add = get(group, "addoption"_n);
    call_kw(add, {str("--durations")},
            {{"action"_n, "store"_n}, {"type"_n, type_object(PyLong_Type)}, {"default"_n, Py_None}, {"metavar"_n, "N"_n},
             {"help"_n, str("Show N slowest setup/test durations (N=0 for all)")}});
    call_kw(add, {str("--durations-min")},
            {{"action"_n, "store"_n}, {"type"_n, type_object(PyFloat_Type)}, {"default"_n, Py_None}, {"metavar"_n, "N"_n},
             {"help"_n, str("Minimal duration in seconds for inclusion in slowest list. Default: 0.005 (or 0.0 if -vv is given).")}});
    return none();
}

struct Entry {
    double seconds;
    object report;
};

std::vector<Entry> timed_reports(handle reporter) {
    std::vector<Entry> entries;
    for (object reports : each(to_list(call_method(get(reporter, "stats"_n), "values"_n))))
        for (object report : each(reports))
            if (object duration = try_get(report, "duration"_n); duration.is_valid())
                entries.push_back({to_double(duration), report});
    std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.seconds > b.seconds; });
    return entries;
}

std::string formatted(const char* format, double value) {
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, format, value);
    return buffer;
}

object summary(Args a) {
    handle reporter = a[0];
    object config = get(reporter, "config"_n), option = get(config, "option"_n);
    object limit = get(option, "durations"_n), minimum = get(option, "durations_min"_n);
    long long verbosity = to_int(call_method(config, "get_verbosity"_n));
    if (is_none(limit)) return none();
    double least = is_none(minimum) ? (verbosity < 2 ? 0.005 : 0.0) : to_double(minimum);
    std::vector<Entry> entries = timed_reports(reporter);
    if (entries.empty()) return none();
    long long wanted = to_int(limit);
    call_method(reporter, "write_sep"_n, "="_n, wanted ? strcat("slowest ", wanted, " durations") : str("slowest durations"));
    auto count = static_cast<long long>(entries.size());
    if (wanted) count = wanted < 0 ? std::max(0LL, count + wanted) : std::min(count, wanted);
    for (long long i = 0; i < count; ++i) {
        const Entry& entry = entries[static_cast<std::size_t>(i)];
        if (entry.seconds < least) {
            std::string hidden = cat("(", count - i, " durations < ", formatted("%g", least), "s hidden.");
            if (is_none(minimum)) hidden += "  Use -vv to show these durations.";
            call_method(reporter, "write_line"_n, ""_n);
            call_method(reporter, "write_line"_n, str(hidden + ")"));
            break;
        }
        object when = call_method(get(entry.report, "when"_n), "ljust"_n, integer(8));
        call_method(reporter, "write_line"_n,
                    strcat(formatted("%.2f", entry.seconds), "s ", when, " ", get(entry.report, "nodeid"_n)));
    }
    return none();
}

}  // namespace

void define_durations(Module& m) {
    m.def("pytest_addoption", "parser", add_options);
    m.def("pytest_terminal_summary", "terminalreporter", summary);
}

}  // namespace fastest::run
