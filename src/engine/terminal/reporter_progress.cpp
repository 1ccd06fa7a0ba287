// Letters, words and percentages while tests run.

#include <algorithm>

#include "engine/hooks/caller.h"
#include "engine/nodes/ours.h"
#include "engine/py/short_cut.h"
#include "engine/py/system_path.h"
#include "engine/terminal/format.h"
#include "engine/terminal/reporter.h"
#include "engine/terminal/reporter_progress.h"
#include "engine/terminal/results.h"

namespace fastest::terminal {
namespace {

using namespace py;

object session_of(handle self) {
    object session = get(self, "_session"_n);
    if (is_none(session)) raise_exception(call(handle(PyExc_AssertionError)));
    return session;
}

long long collected_by(handle self) { return to_int(get(session_of(self), "testscollected"_n)); }

object current_style(handle self) { return get(self, "_show_progress_info"_n); }

object parse_nodeid(handle nodeid) { return call_method(lookup("_pytest.nodeid", "NodeId"_n), "parse"_n, nodeid); }

object reporter_logstart(Args a) {
    handle self = a[0];
    if (truth(get(self, "showlongtestinfo"_n))) {
        object place = to_tuple(a[2]);
        object line = call_method(self, "_locationline"_n, parse_nodeid(a[1]), item(place, integer(0)),
                                  item(place, integer(1)), item(place, integer(2)));
        call_method(self, "write_ensure_prefix"_n, line, str(""));
    } else if (truth(get(self, "showfspath"_n))) {
        call_method(self, "write_fspath_result"_n, a[1], str(""));
    } else {
        return none();
    }
    call_method(self, "flush"_n);
    return none();
}

/// The colour of a result whose status gives none.
object default_styles(handle report) {
    bool was_xfail = has(report, "wasxfail"_n);
    if (truth(get(report, "passed"_n))) return styles({was_xfail ? "yellow"_n : "green"_n});
    if (truth(get(report, "failed"_n))) return styles({"red"_n});
    if (truth(get(report, "skipped"_n))) return styles({"yellow"_n});
    return new_dict();
}

/// The reason of a skip or xfail after the word, as far as the line has room before the percentage.
void write_reason(handle self, handle report) {
    object reason = call(facade("_pytest.terminal", "_get_raw_skip_reason"_n), report);
    object shown;
    if (test_cases_verbosity(self) < 2) {
        constexpr long long percentage = sizeof(" [100%]") - 1;
        object writer = writer_of(self);
        long long room = to_int(get(writer, "fullwidth"_n)) - to_int(get(writer, "width_of_current_line"_n));
        shown = trimmed(" (", ")", reason, room - percentage - 1);
    } else {
        shown = strcat(" (", reason, ")");
    }
    if (truth(reason) && shown.is_valid()) call_method(self, "wrap_write"_n, shown);
}

/// Of a report that gives a reason, or of one that has none to give (null).
void write_word(handle self, handle report, handle line, handle word, handle markup) {
    call_styled(self, "write_ensure_prefix"_n, {line, word}, markup);
    if (report.is_valid() && (truth(get(report, "skipped"_n)) || has(report, "wasxfail"_n))) write_reason(self, report);
    if (truth(current_style(self))) call_method(self, "_write_progress_information_filling_space"_n);
}

/// Reports of pytest-xdist's workers come in any order, so each gets a line of its own.
void write_remote_word(handle self, handle report, handle line, handle word, handle markup) {
    call_method(self, "ensure_newline"_n);
    object writer = writer_of(self);
    call_method(writer, "write"_n, strcat("[", get(get(get(report, "node"_n), "gateway"_n), "id"_n), "]"));
    if (truth(current_style(self)))
        call_styled(writer, "write"_n, {strcat(call_method(self, "_get_progress_information_message"_n), " ")},
                    styles({"cyan"_n}));
    else
        call_method(writer, "write"_n, str(" "));
    call_styled(writer, "write"_n, {word}, markup);
    call_method(writer, "write"_n, strcat(" ", line));
    set(self, "currentfspath"_n, integer(-2));
}

void write_letter(handle self, handle letter, handle markup) {
    call_styled(writer_of(self), "write"_n, {letter}, markup);
    if (truth(current_style(self)) && !truth(get(self, "_is_last_item"_n)))
        call_method(self, "_write_progress_information_if_past_edge"_n);
}

ShortCut g_frame_status{
    "terminal.frame_status",
    "A set-up or tear-down that passed has no letter: pytest_report_teststatus is not called for it. Seen by "
    "plugins that implement that hook."};

/// Whether only the engine's own plugins say what a report is called.
bool only_own_statuses(handle hook) {
    if (Py_TYPE(hook.ptr()) != hooks::caller_type()) return false;
    hooks::Caller* caller = hooks::as_caller(hook);
    if (!hooks::is_unwatched(caller)) return false;
    object impls = hooks::caller_impls(caller);
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(impls.ptr()); ++i)
        if (!is_native_function(hooks::as_impl(PyList_GET_ITEM(impls.ptr(), i))->function)) return false;
    return true;
}

/// What the engine's plugins call a plain set-up or tear-down that passed, or null for any other report. (A call that
/// passed may still be made to fail by its subtests.)
object status_of_frame(handle report) {
    if (!type_of(report).is(global<"reports", "TestReport">())) return {};
    if (!equal(get(report, "outcome"_n), "passed"_n) || has(report, "wasxfail"_n)) return {};
    object when = get(report, "when"_n);
    if (!equal(when, "setup"_n) && !equal(when, "teardown"_n)) return {};
    object empty = str("");
    return tuple_of(empty, empty, empty);
}

object status_of(handle self, handle report) {
    object config = get(self, "config"_n);
    object hook = get(get(config, "hook"_n), "pytest_report_teststatus"_n);
    object session = get(self, "_session"_n);
    if (g_frame_status.take(!is_none(session) && nodes::short_cuts(session) && only_own_statuses(hook)))
        if (object status = status_of_frame(report); status.is_valid()) return status;
    object status = call_named<"report", "config">(hook, report, config);
    if (PyTuple_CheckExact(status.ptr()) && PyTuple_GET_SIZE(status.ptr()) == 3) return status;
    return call_ex(lookup("_pytest.terminal", "TestShortLogReport"_n), to_tuple(status));
}

object reporter_logreport(Args a) {
    handle self = a[0], report = a[1];
    set(self, "_current_logreport"_n, report);
    set(self, "_tests_ran"_n, Py_True);
    object status = status_of(self, report);
    object category = item(status, integer(0)), letter = item(status, integer(1)), word = item(status, integer(2));
    object markup;
    if (PyTuple_Check(word.ptr())) {
        markup = item(word, integer(1));
        word = item(word, integer(0));
    }
    call_method(self, "_add_stats"_n, category, list_of(report));
    if (!truth(letter) && !truth(word)) return none();
    if (!markup.is_valid()) markup = default_styles(report);
    note_reported(self, get(report, "id"_n));
    if (test_cases_verbosity(self) <= 0) {
        write_letter(self, letter, markup);
    } else {
        object place = to_tuple(get(report, "location"_n));
        object line = call_method(self, "_locationline"_n, get(report, "id"_n), item(place, integer(0)),
                                  item(place, integer(1)), item(place, integer(2)));
        if (has(report, "node"_n))
            write_remote_word(self, report, line, word, markup);
        else
            write_word(self, report, line, word, markup);
    }
    call_method(self, "flush"_n);
    return none();
}

object reporter_is_last_item(Args a) {
    object collected = get(session_of(a[0]), "testscollected"_n);
    return boolean(equal(get(a[0], "reported_progress"_n), collected));
}

Generator reporter_runtestloop(OwnedArgs a) {
    object result = co_yield none();
    handle self = a[0];
    if (test_cases_verbosity(self) <= 0 && truth(current_style(self)) && truth(get(self, "reported_progress"_n)))
        call_method(self, "_write_progress_information_filling_space"_n);
    co_return result;
}

// --- the message at the right -----------------------------------------------------------------

std::string count_message(handle self) {
    long long collected = collected_by(self);
    std::string total = std::to_string(collected);
    if (!collected) return cat(" [ ", total, " / ", total, " ]");
    std::string done = text_of(get(self, "reported_progress"_n));
    if (done.size() < total.size()) done.insert(0, total.size() - done.size(), ' ');
    return cat(" [", done, "/", total, "]");
}

std::string percentage_message(handle self) {
    long long collected = collected_by(self);
    if (!collected) return " [100%]";
    std::string percent = std::to_string(to_int(get(self, "reported_progress"_n)) * 100 / collected);
    if (percent.size() < 3) percent.insert(0, 3 - percent.size(), ' ');
    return cat(" [", percent, "%]");
}

object first_of_location(handle node) { return item(get(node, "location"_n), integer(0)); }

/// All reports that count, without those of subtests and those whose time was shown already.
std::vector<object> untimed_reports(handle self, handle subtest_type, object& last) {
    std::vector<object> found;
    object timed = get(self, "_timing_nodeids_reported"_n);
    for (const char* category : {"passed", "xpassed", "failed", "xfailed", "skipped", "error", ""}) {
        for (object report : each(call_method(self, "_get_reports_to_display"_n, str(category)))) {
            last = report;
            if (!is_instance(report, subtest_type) && !contains(timed, get(report, "id"_n))) found.push_back(report);
        }
    }
    return found;
}

object total_duration(const std::vector<object>& reports) {
    object type = lookup("_pytest.reports", "TestReport"_n);
    object total = integer(0);
    for (const object& report : reports)
        if (is_instance(report, type)) total = check(PyNumber_Add(total.ptr(), get(report, "duration"_n).ptr()));
    return total;
}

/// Verbose runs show the time of each test, others that of a file after its last test.
std::string times_message(handle self) {
    if (!collected_by(self)) return {};
    bool verbose = truth(get(self, "showlongtestinfo"_n));
    object subtest_type = lookup("_pytest.subtests", "SubtestReport"_n);
    object report = get(self, "_current_logreport"_n);
    if (is_instance(report, subtest_type))
        return verbose ? node_duration(to_double(get(report, "duration"_n))) : std::string();
    object last;
    std::vector<object> reports = untimed_reports(self, subtest_type, last);
    object place = !is_none(report) ? first_of_location(report) : last.is_valid() ? first_of_location(last) : str("");
    if (!verbose) {
        long long in_file = 0, done = 0;
        for (object test : each(get(get(self, "_session"_n), "items"_n)))
            in_file += equal(first_of_location(test), place);
        for (const object& other : reports)
            done += equal(first_of_location(other), place) && equal(get(other, "when"_n), "setup"_n);
        if (in_file != done) return {};
    }
    object timed = get(self, "_timing_nodeids_reported"_n);
    for (const object& other : reports) call_method(timed, "add"_n, get(other, "id"_n));
    return node_duration(to_double(total_duration(reports)));
}

object reporter_progress_message(Args a) { return str(progress_message(a[0])); }

long long message_width(handle self) {
    object style = current_style(self);
    if (equal(style, "count"_n)) return 4 + 2 * static_cast<long long>(std::to_string(collected_by(self)).size());
    return equal(style, "times"_n) ? sizeof(" 99h 59m") - 1 : sizeof(" [100%]") - 1;
}

object main_color(handle self) { return item(call_method(self, "_get_main_color"_n), integer(0)); }

object reporter_write_if_past_edge(Args a) {
    handle self = a[0];
    long long width = to_int(get(self, "_width_of_current_line"_n));
    if (width + message_width(self) + 1 < to_int(get(self, "_screen_width"_n))) return none();
    object color = main_color(self);
    object message = call_method(self, "_get_progress_information_message"_n);
    call_styled(writer_of(self), "write"_n, {strcat(message, "\n")}, styles({color}));
    return none();
}

object reporter_write_filling_space(Args a) {
    handle self = a[0];
    object keywords = styles({main_color(self)});
    object message = call_method(self, "_get_progress_information_message"_n);
    long long width = to_int(get(self, "_width_of_current_line"_n));
    long long fill = to_int(get(writer_of(self), "fullwidth"_n)) - width - 1;
    dict_set(keywords, "flush"_n, Py_True);
    call_styled(self, "write"_n, {call_method(message, "rjust"_n, integer(fill))}, keywords);
    return none();
}

object reporter_width_of_current_line(Args a) { return get(writer_of(a[0]), "width_of_current_line"_n); }

// --- places -----------------------------------------------------------------------------------

/// A node id with the dots of its domain as "::", except in the parameters.
std::string shown_nodeid(handle self, handle nodeid, handle domain) {
    std::string line = text_of(call_method(get(self, "config"_n), "cwd_relative_nodeid"_n, nodeid));
    std::string tail = text_of(domain);
    if (tail.empty() || !line.ends_with(tail)) return line;
    line.resize(line.size() - tail.size());
    std::size_t bracket = std::min(tail.find('['), tail.size());
    for (std::size_t i = 0; i < tail.size(); ++i)
        line += i < bracket && tail[i] == '.' ? std::string("::") : std::string(1, tail[i]);
    return line;
}

object make_location_line(handle self, handle nodeid, handle path, handle domain) {
    if (!truth(path)) return str("[location] ");
    std::string line = shown_nodeid(self, nodeid, domain);
    if (to_int(get(self, "verbosity"_n)) >= 2) {
        object normal = call(lookup("_pytest.nodes", "norm_sep"_n), path);
        if (!equal(get(nodeid, "path"_n), normal)) {
            object other = call(system_path(), path);
            line += cat(" <- ", call(lookup("_pytest.pathlib", "bestrelpath"_n), get(self, "startpath"_n), other));
        }
    }
    return str(line + " ");
}

/// Arguments: self, nodeid, fspath, lineno, domain.
object reporter_locationline(Args a) { return make_location_line(a[0], a[1], a[2], a[4]); }

}  // namespace

long long progress_message_width(handle reporter) { return message_width(reporter); }

std::string progress_message(handle reporter) {
    object style = current_style(reporter);
    session_of(reporter);
    if (equal(style, "count"_n)) return count_message(reporter);
    if (equal(style, "times"_n)) return times_message(reporter);
    return percentage_message(reporter);
}

object location_line(handle reporter, handle item) {
    object place = to_tuple(get(item, "location"_n));
    return make_location_line(reporter, get(item, "id"_n), py::item(place, integer(0)), py::item(place, integer(2)));
}

void write_pass(handle reporter, handle item) {
    object green = styles({"green"_n});
    if (test_cases_verbosity(reporter) <= 0)
        write_letter(reporter, "."_n, green);
    else
        write_word(reporter, handle(), location_line(reporter, item), "PASSED"_n, green);
    call_method(reporter, "flush"_n);
}

void define_progress(ClassBuilder& reporter) {
    reporter.def("pytest_runtest_logstart", "self, nodeid, location", reporter_logstart)
        .def("pytest_runtest_logreport", "self, report", reporter_logreport)
        .prop("_is_last_item", reporter_is_last_item)
        .wrapper("pytest_runtestloop", "self", reporter_runtestloop)
        .def("_get_progress_information_message", "self", reporter_progress_message)
        .def("_write_progress_information_if_past_edge", "self", reporter_write_if_past_edge)
        .def("_write_progress_information_filling_space", "self", reporter_write_filling_space)
        .prop("_width_of_current_line", reporter_width_of_current_line)
        .def("_locationline", "self, nodeid, fspath, lineno, domain", reporter_locationline);
}

}  // namespace fastest::terminal
