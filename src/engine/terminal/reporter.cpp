// `TerminalReporter`: its state and simple properties.

#include "engine/py/frame.h"
#include "engine/terminal/reporter.h"

#include "engine/terminal/format.h"
#include "engine/terminal/quiet_reporter.h"
#include "engine/terminal/results.h"

namespace fastest::terminal {
namespace {

using namespace py;

/// "progress", "count", "times" or False.
object reporter_determine_show_progress_info(Args a) {
    object config = get(a[0], "config"_n);
    object style = call_method(config, "getini"_n, str("console_output_style"));
    bool uncaptured = equal(call_method(config, "getoption"_n, str("capture"), str("no")), str("no"));
    if (uncaptured && !equal(style, str("progress-even-when-capture-no"))) return boolean(false);
    if (truth(call_method(config, "getoption"_n, str("setupshow"), Py_False))) return boolean(false);
    if (equal(style, str("count")) || equal(style, str("times"))) return style;
    if (equal(style, str("classic"))) return boolean(false);
    return str("progress");
}

bool is_exactly_ours(handle reporter) {
    return type_of(reporter).is(global<"terminal_reporter", "TerminalReporter">());
}

object reporter_init(Args a) {
    handle self = a[0], config = a[1];
    set(self, "config"_n, config);
    for (handle name : {"_session"_n, "_showfspath"_n, "_main_color"_n, "_known_types"_n, "currentfspath"_n,
                        "_current_logreport"_n, "_already_displayed_warnings"_n, "_keyboardinterrupt_memo"_n})
        set(self, name, Py_None);
    set(self, "_numcollected"_n, integer(0));
    set(self, "_results"_n, make_results());
    set(self, "_stats"_n, new_dict());
    set(self, "startpath"_n, get(get(config, "invocation_params"_n), "dir"_n));
    object file = is_none(a[2]) ? lookup("sys", "stdout"_n) : borrow(a[2]);
    object writer = call(lookup("_pytest.config", "create_terminal_writer"_n), config, file);
    set(self, "_tw"_n, writer);
    set(self, "_screen_width"_n, get(writer, "fullwidth"_n));
    set(self, "reportchars"_n, call(lookup("_pytest.terminal", "getreportopt"_n), config));
    set(self, "foldskipped"_n, get(get(config, "option"_n), "fold_skipped"_n));
    set(self, "hasmarkup"_n, get(writer, "hasmarkup"_n));
    set(self, "isatty"_n, call(lookup("_pytest.compat", "CallableBool"_n), call_method(file, "isatty"_n)));
    set(self, "_reported_ids"_n, check(PySet_New(nullptr)));
    if (!is_exactly_ours(self))  // a subclass may have an attribute access of its own
        for (handle name : {"stats"_n, "_progress_nodeids_reported"_n}) get(self, name);
    set(self, "_timing_nodeids_reported"_n, check(PySet_New(nullptr)));
    set(self, "_show_progress_info"_n, call_method(self, "_determine_show_progress_info"_n));
    set(self, "_collect_report_last_write"_n, call_timing("_pytest.terminal", facade("_pytest.timing", "Instant"_n)));
    return none();
}

object reporter_verbosity(Args a) { return option(a[0], "verbose"_n); }

object reporter_showheader(Args a) { return boolean(to_int(get(a[0], "verbosity"_n)) >= 0); }

object reporter_no_header(Args a) { return boolean(option_is_set(a[0], "no_header"_n)); }

object reporter_no_summary(Args a) { return boolean(option_is_set(a[0], "no_summary"_n)); }

object reporter_showfspath(Args a) {
    object fixed = get(a[0], "_showfspath"_n);
    return is_none(fixed) ? boolean(test_cases_verbosity(a[0]) >= 0) : fixed;
}

object reporter_set_showfspath(Args a) {
    set(a[0], "_showfspath"_n, a[1]);
    return none();
}

object reporter_showlongtestinfo(Args a) { return boolean(test_cases_verbosity(a[0]) > 0); }

object reporter_reported_progress(Args a) { return integer(reported_items(a[0])); }

object reporter_hasopt(Args a) {
    object letter = borrow(a[1]);
    if (equal(letter, str("xfailed"))) letter = str("x");
    if (equal(letter, str("skipped"))) letter = str("s");
    return boolean(contains(get(a[0], "reportchars"_n), letter));
}

/// A new category can change the colour of the progress; more of a known one cannot.
object reporter_add_stats(Args a) {
    if (add_reports(a[0], a[1], a[2])) call_method(a[0], "_set_main_color"_n);
    return none();
}

/// Reports that `--pdb` has not shown already.
object reporter_getreports(Args a) {
    object fresh = new_list();
    object reports = reports_of(a[0], a[1]);
    if (!reports.is_valid()) return fresh;
    for (object report : each(reports))
        if (!has(report, "_pdbshown"_n)) append(fresh, report);
    return fresh;
}

}  // namespace

py::object styles(std::initializer_list<handle> names) {
    object keywords = new_dict();
    for (handle name : names) dict_set(keywords, name, Py_True);
    return keywords;
}

py::object call_styled(handle target, handle method, std::initializer_list<handle> args, handle keywords) {
    if (args.size() == 1) return call_ex(get(target, method), tuple_of(*args.begin()), keywords);
    object arguments = new_list();
    for (handle arg : args) append(arguments, arg);
    return call_ex(get(target, method), to_tuple(arguments), keywords);
}

py::object writer_of(handle reporter) { return get(reporter, "_tw"_n); }

py::object option(handle reporter, handle name) { return get(get(get(reporter, "config"_n), "option"_n), name); }

bool option_is_set(handle reporter, handle name) { return truth(option(reporter, name)); }

long long test_cases_verbosity(handle reporter) {
    return to_int(call_method(get(reporter, "config"_n), "get_verbosity"_n, "test_cases"_n));
}

long long count_of(handle reporter, handle category) {
    object reports = reports_of(reporter, category);
    return reports.is_valid() ? length(reports) : 0;
}

FASTEST_MODULE(terminal_reporter, "_pytest.terminal") {
    ClassBuilder reporter = m.cls("TerminalReporter");
    reporter.attr("__final__", Py_True)
        .def("__init__", "self, config, file=None", reporter_init)
        .def("_determine_show_progress_info", "self", reporter_determine_show_progress_info)
        .prop("verbosity", reporter_verbosity)
        .prop("showheader", reporter_showheader)
        .prop("no_header", reporter_no_header)
        .prop("no_summary", reporter_no_summary)
        .prop("showfspath", reporter_showfspath, reporter_set_showfspath)
        .prop("showlongtestinfo", reporter_showlongtestinfo)
        .prop("reported_progress", reporter_reported_progress, nullptr, "How many items have been reported so far.")
        .def("hasopt", "self, char", reporter_hasopt)
        .def("_add_stats", "self, category, items", reporter_add_stats)
        .def("getreports", "self, name", reporter_getreports);
    define_results(reporter);
    define_writing(reporter);
    define_progress(reporter);
    define_collection(reporter);
    define_session(reporter);
    define_outcomes(reporter);
    define_warnings(reporter);
    define_short_summary(reporter);
    define_totals(reporter);
    object made = reporter.make();
    remember_reporter_methods(made);
    for (handle name : {"pytest_runtest_logstart"_n, "pytest_runtest_logreport"_n})
        hooks::plays_quietly(get(made, name), quiet_terminal);
}

}  // namespace fastest::terminal
