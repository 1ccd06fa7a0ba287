// Warnings: their record and their summary.

#include <algorithm>

#include "engine/terminal/reporter.h"
#include "engine/terminal/results.h"

namespace fastest::terminal {
namespace {

using namespace py;

constexpr std::size_t kMostLocations = 9;  // more are counted by file

object reporter_warning_recorded(Args a) {
    handle warning = a[1];
    object place = tuple_of(get(warning, "filename"_n), get(warning, "lineno"_n));
    object message = call(lookup("_pytest.warnings", "warning_record_to_str"_n), warning);
    object report = call_kw(lookup("_pytest.terminal", "WarningReport"_n), {},
                            {{"fslocation"_n, place}, {"message"_n, message}, {"nodeid"_n, a[2]}});
    call_method(a[0], "_add_stats"_n, "warnings"_n, list_of(report));
    return none();
}

/// Reports by message, both in the order of their first appearance.
object by_message(handle reports) {
    object groups = new_dict();
    for (object report : each(reports)) {
        object message = get(report, "message"_n);
        object group = dict_get(groups, message);
        if (!group.is_valid()) {
            group = new_list();
            dict_set(groups, message, group);
        }
        append(group, report);
    }
    return groups;
}

std::string location_lines(handle config, handle reports) {
    std::vector<std::string> places;
    for (object report : each(reports)) {
        object place = call_method(report, "get_location"_n, config);
        if (truth(place)) places.push_back(text_of(place));
    }
    std::string lines;
    auto add = [&](std::string_view line) { lines += cat(lines.empty() ? "" : "\n", line); };
    if (places.size() <= kMostLocations) {
        for (const std::string& place : places) add(place);
        return lines;
    }
    std::vector<std::pair<std::string, long long>> counts;
    for (const std::string& place : places) {
        std::string file = place.substr(0, place.find("::"));
        auto known = std::find_if(counts.begin(), counts.end(), [&](const auto& entry) { return entry.first == file; });
        if (known == counts.end())
            counts.emplace_back(file, 1);
        else
            ++known->second;
    }
    for (const auto& [file, count] : counts) add(cat(file, ": ", count, count > 1 ? " warnings" : " warning"));
    return lines;
}

object indented(handle message) {
    object lines = new_list();
    for (object line : each(call_method(message, "splitlines"_n))) append(lines, strcat("  ", line));
    return call_method(str("\n"), "join"_n, lines);
}

void write_group(handle self, handle message, handle reports) {
    object writer = writer_of(self);
    std::string places = location_lines(get(self, "config"_n), reports);
    object shown = borrow(message);
    if (!places.empty()) {
        call_method(writer, "line"_n, str(places));
        shown = indented(message);
    }
    call_method(writer, "line"_n, call_method(shown, "rstrip"_n));
    call_method(writer, "line"_n);
}

/// The second call shows only the warnings that came since the first.
object reporter_summary_warnings(Args a) {
    handle self = a[0];
    if (!truth(call_method(self, "hasopt"_n, str("w")))) return none();
    object reports = reports_of(self, "warnings"_n);
    if (!reports.is_valid() || !truth(reports)) return none();
    object shown_before = get(self, "_already_displayed_warnings"_n);
    bool final = !is_none(shown_before);
    if (final) reports = item(reports, check(PySlice_New(shown_before.ptr(), nullptr, nullptr)));
    set(self, "_already_displayed_warnings"_n, integer(length(reports)));
    if (!truth(reports)) return none();
    call_method_kw(self, "write_sep"_n, {str("="), str(final ? "warnings summary (final)" : "warnings summary")},
                   {{"yellow"_n, Py_True}, {"bold"_n, Py_False}});
    for (object pair : each(call_method(by_message(reports), "items"_n)))
        write_group(self, item(pair, integer(0)), item(pair, integer(1)));
    call_method(writer_of(self), "line"_n,
                str("-- Docs: https://docs.pytest.org/en/stable/how-to/capture-warnings.html"));
    return none();
}

}  // namespace

void define_warnings(ClassBuilder& reporter) {
    reporter.def("pytest_warning_recorded", "self, warning_message, nodeid", reporter_warning_recorded)
        .def("summary_warnings", "self", reporter_summary_warnings);
}

}  // namespace fastest::terminal
