#include "engine/extras/records.h"

#include "engine/py/unpack.h"
#include "report/ids.h"

namespace fastest::extras {
namespace {

using report::Problem;

std::optional<long long> line_after(handle number) {
    if (is_none(number)) return std::nullopt;
    return to_int(number) + 1;
}

std::string_view kind_of_item(handle item) {
    if (is_instance_if_imported(item, "_pytest.unittest", "TestCaseFunction"_n)) return "unittest";
    if (is_instance_if_imported(item, "_pytest.doctest", "DoctestItem"_n)) return "doctest";
    if (!is_instance(item, lookup("_pytest.python", "Function"_n))) return "item";
    return is_none(get(item, "cls"_n)) ? "function" : "method";
}

/// What a report tells of the collector that it is about: its id.
std::string_view kind_of_collector(std::string_view id) {
    if (id.empty()) return "session";
    if (id.find("::") != std::string_view::npos) return "class";
    if (id.ends_with(".py")) return "module";
    return id.substr(id.rfind('/') + 1).find('.') == std::string_view::npos ? "folder" : "file";
}

std::string stripped(std::string text, std::string_view prefix) {
    return text.starts_with(prefix) ? text.substr(prefix.size()) : text;
}

/// The failure as a screen without colours shows it. (`longreprtext` has lost the first line's indentation.)
std::string screen_text(handle report) {
    object file = call(lookup("io", "StringIO"_n)), writer = call(lookup("_pytest._io", "TerminalWriter"_n), file);
    set(writer, "hasmarkup"_n, Py_False);
    call_method(report, "toterminal"_n, writer);
    std::string text = any_text(call_method(file, "getvalue"_n));
    text.erase(0, std::min(text.find_first_not_of('\n'), text.size()));
    text.erase(text.find_last_not_of(" \n") + 1);
    return text;
}

/// The error in a traceback that has no crash entry: its first line marked with E, else its first line.
std::string error_line(const std::string& traceback) {
    std::size_t at = traceback.starts_with("E ") ? 0 : traceback.find("\nE ");
    if (at == std::string::npos) return traceback.substr(0, traceback.find('\n'));
    at = traceback.find_first_not_of(" E\n", at);
    return at == std::string::npos ? std::string() : traceback.substr(at, traceback.find('\n', at) - at);
}

/// Where the test stood when it failed: the first entry of the traceback, if that is in the test's file.
void add_test_place(Problem& problem, handle report, handle longrepr, const RunEvents& events) {
    object location = get_or(report, "location"_n, Py_None);
    if (is_none(location)) return;
    problem.test_file = events.file_name(events.root() + "/" + any_text(item(location, integer(0))));
    problem.test_line = line_after(item(location, integer(1)));
    object entries = try_get(get_or(longrepr, "reprtraceback"_n, Py_None), "reprentries"_n);
    if (!entries.is_valid() || !truth(entries)) return;
    object place = get_or(item(entries, integer(0)), "reprfileloc"_n, Py_None);
    if (is_none(place) || events.file_name(any_text(get(place, "path"_n))) != problem.test_file) return;
    problem.test_line = to_int(get(place, "lineno"_n));
}

void add_crash(Problem& problem, handle longrepr, const RunEvents& events) {
    object crash = get_or(longrepr, "reprcrash"_n, Py_None);
    if (is_none(crash)) {
        problem.message = error_line(problem.traceback);
        return;
    }
    problem.message = any_text(get(crash, "message"_n));
    problem.file = events.file_name(any_text(get(crash, "path"_n)));
    problem.line = to_int(get(crash, "lineno"_n));
}

std::vector<std::string> hints_of(handle report) {
    std::vector<std::string> hints;
    object found = get_or(report, "hints"_n, Py_None);
    if (PyList_Check(found.ptr()))
        for (object hint : each(found)) hints.push_back(any_text(hint));
    return hints;
}

/// Nothing for a phase that went well.
std::optional<Problem> problem_of(handle report, const RunEvents& events) {
    object longrepr = get(report, "longrepr"_n), expected = get_or(report, "wasxfail"_n, Py_None);
    if (is_none(longrepr) && is_none(expected)) return std::nullopt;
    Problem problem;
    problem.hints = hints_of(report);
    if (PyTuple_Check(longrepr.ptr()) && PyTuple_GET_SIZE(longrepr.ptr()) == 3) {
        auto [path, line, reason] = unpack<3>(longrepr);
        problem.message = stripped(any_text(reason), "Skipped: ");
        problem.file = events.file_name(any_text(path));
        if (PyLong_Check(line.ptr())) problem.line = to_int(line);
    } else if (!is_none(longrepr)) {
        problem.traceback = screen_text(report);
        add_crash(problem, longrepr, events);
        add_test_place(problem, report, longrepr, events);
    }
    if (!is_none(expected)) problem.message = stripped(any_text(expected), "reason: ");
    return problem;
}

/// The stream of a captured section of this phase, or the title of one of a plugin's; nothing for those of the phases
/// before, which each report repeats.
std::optional<std::string> stream_of(const std::string& title, std::string_view when) {
    for (std::string_view phase : {"setup", "call", "teardown"}) {
        if (!title.ends_with(phase) || title.size() <= phase.size() || title[title.size() - phase.size() - 1] != ' ')
            continue;
        if (phase != when) return std::nullopt;
        return stripped(title.substr(0, title.size() - phase.size() - 1), "Captured ");
    }
    return title;
}

double number_or(handle report, handle name, double fallback) {
    object value = get_or(report, name, Py_None);
    return PyFloat_Check(value.ptr()) || PyLong_Check(value.ptr()) ? to_double(value) : fallback;
}

/// How a report of a part of a test calls that part.
std::string subtest_of(handle report) {
    for (handle name : {"_sub_test_description"_n, "sub_test_description"_n})
        if (object describe = try_get(report, name); describe.is_valid()) return any_text(call(describe));
    return {};
}

}  // namespace

std::string any_text(handle value) {
    object shown = is_str(value) ? borrow(value) : to_str(value);
    Py_ssize_t size = 0;
    if (const char* data = PyUnicode_AsUTF8AndSize(shown.ptr(), &size)) return {data, static_cast<std::size_t>(size)};
    PyErr_Clear();
    object bytes = check(PyUnicode_AsEncodedString(shown.ptr(), "utf-8", "surrogatepass"));
    return {PyBytes_AS_STRING(bytes.ptr()), static_cast<std::size_t>(PyBytes_GET_SIZE(bytes.ptr()))};
}

object text_object(std::string_view text) {
    return check(PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "surrogatepass"));
}

report::Collected collected_item(handle item, std::string_view status) {
    object location = get(item, "location"_n);
    return {any_text(get(item, "nodeid"_n)),
            any_text(get(item, "name"_n)),
            any_text(py::item(location, integer(0))),
            line_after(py::item(location, integer(1))),
            kind_of_item(item),
            status,
            {}};
}

report::Collected collected_report(handle report, const RunEvents& events) {
    std::string id = any_text(get(report, "nodeid"_n));
    std::optional<Problem> problem = problem_of(report, events);
    report::Collected node{id,
                           std::string(report::label_of(id)),
                           std::string(report::file_of(id)),
                           std::nullopt,
                           kind_of_collector(id),
                           truth(get(report, "failed"_n)) ? "failed" : "skipped",
                           {}};
    if (!problem) return node;
    node.message = problem->traceback.empty() ? problem->message : problem->traceback;
    if (problem->file == node.file) node.line = problem->line;
    return node;
}

PhaseRecord::PhaseRecord(handle report, const RunEvents& events)
    : id(any_text(get(report, "nodeid"_n))),
      when(any_text(get(report, "when"_n))),
      outcome(any_text(get(report, "outcome"_n))) {
    double duration = number_or(report, "duration"_n, 0), stop = number_or(report, "stop"_n, 0);
    phase = {id, 0, when, outcome, number_or(report, "start"_n, stop), duration};
    phase.subtest = subtest_of(report);
    phase.expected_to_fail = has(report, "wasxfail"_n);
    phase.problem = problem_of(report, events);
    for (object section : each(get(report, "sections"_n))) {
        auto [title, content] = unpack<2>(section);
        std::optional<std::string> stream = stream_of(any_text(title), when);
        if (!stream) continue;
        texts.push_back(std::move(*stream));
        texts.push_back(any_text(content));
    }
    for (std::size_t i = 0; i < texts.size(); i += 2) outputs.push_back({id, 0, when, texts[i], texts[i + 1]});
}

}  // namespace fastest::extras
