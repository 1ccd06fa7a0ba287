// The long parts of the summary: errors, failures, passes with output.

#include "engine/py/unpack.h"
#include "engine/terminal/reporter.h"
#include "engine/terminal/results.h"

namespace fastest::terminal {
namespace {

using namespace py;

object headline(handle self, handle report) { return call_method(self, "_getfailureheadline"_n, report); }

void write_title(handle self, std::string_view title) { call_method(self, "write_sep"_n, str("="), str(title)); }

void write_report_title(handle self, handle title, handle color) {
    call_styled(self, "write_sep"_n, {str("_"), title}, styles({color, "bold"_n}));
}

void write_report(handle self, handle report) { call_method(self, "_outrep_summary"_n, report); }

object reporter_getfailureheadline(Args a) {
    object line = get(a[1], "head_line"_n);
    return truth(line) ? line : str("test session");
}

object reporter_getcrashline(Args a) {
    object longrepr = try_get(a[1], "longrepr"_n);
    if (!longrepr.is_valid()) return str("");
    object crash = try_get(longrepr, "reprcrash"_n);
    if (crash.is_valid()) return to_str(crash);
    return check(PyUnicode_Substring(to_str(longrepr).ptr(), 0, 50));
}

// --- sections ---------------------------------------------------------------------------------

/// Writes the captured sections whose name has `part`, as far as `--show-capture` wants them.
void write_sections(handle self, handle report, std::string_view part) {
    std::string wanted = text_of(option(self, "showcapture"_n));
    if (wanted == "no") return;
    object writer = writer_of(self);
    for (object section : each(get(report, "sections"_n))) {
        auto [name, written] = unpack<2>(section);
        std::string name_text = text_of(name);
        if (wanted != "all" && name_text.find(wanted) == std::string::npos) continue;
        if (name_text.find(part) == std::string::npos) continue;
        call_method(writer, "sep"_n, str("-"), name);
        std::string content = text_of(written);
        if (content.ends_with('\n')) content.pop_back();
        call_method(writer, "line"_n, str(content));
    }
}

bool traceback_style_is(handle self, std::string_view style) { return text_of(option(self, "tbstyle"_n)) == style; }

/// What --enhanced-errors has to say beside the traceback.
void write_hints(handle self, handle report) {
    object options = get(get(self, "config"_n), "option"_n);
    if (!get_or(options, "fastest_enhanced_errors"_n, Py_False).is(Py_True)) return;
    object hints = try_get(report, "hints"_n);
    if (!hints.is_valid() || traceback_style_is(self, "line") || traceback_style_is(self, "no")) return;
    for (object hint : each(hints))
        call_method_kw(writer_of(self), "line"_n, {strcat("H   ", hint)}, {{"yellow"_n, Py_True}, {"bold"_n, Py_True}});
}

object reporter_outrep_summary(Args a) {
    call_method(a[1], "toterminal"_n, writer_of(a[0]));
    write_hints(a[0], a[1]);
    write_sections(a[0], a[1], "");
    return none();
}

object reporter_print_teardown_sections(Args a) {
    write_sections(a[0], a[1], "teardown");
    return none();
}

object reporter_get_teardown_reports(Args a) {
    object found = new_list();
    for (object report : each(made_teardowns_of(a[0], a[1])))
        if (!has(report, "_pdbshown"_n)) append(found, report);
    return found;
}

object reporter_handle_teardown_sections(Args a) {
    for (object report : each(call_method(a[0], "_get_teardown_reports"_n, a[1])))
        call_method(a[0], "print_teardown_sections"_n, report);
    return none();
}

// --- summaries --------------------------------------------------------------------------------

object reporter_summary_passes(Args a) {
    call_method(a[0], "summary_passes_combined"_n, str("passed"), str("PASSES"), str("P"));
    return none();
}

object reporter_summary_xpasses(Args a) {
    call_method(a[0], "summary_passes_combined"_n, str("xpassed"), str("XPASSES"), str("X"));
    return none();
}

object reporter_summary_passes_combined(Args a) {
    handle self = a[0];
    if (traceback_style_is(self, "no") || !truth(call_method(self, "hasopt"_n, a[3]))) return none();
    object reports = call_method(self, "getreports"_n, a[1]);
    if (!truth(reports)) return none();
    call_method(self, "write_sep"_n, str("="), a[2]);
    for (object report : each(reports)) {
        if (truth(get(report, "sections"_n))) {
            write_report_title(self, headline(self, report), "green"_n);
            write_report(self, report);
        }
        call_method(self, "_handle_teardown_sections"_n, get(report, "id"_n));
    }
    return none();
}

object reporter_summary_failures(Args a) {
    call_method_kw(a[0], "summary_failures_combined"_n, {str("failed"), str("FAILURES")},
                   {{"style"_n, option(a[0], "tbstyle"_n)}});
    return none();
}

object reporter_summary_xfailures(Args a) {
    object style = option_is_set(a[0], "xfail_tb"_n) ? option(a[0], "tbstyle"_n) : str("no");
    call_method_kw(a[0], "summary_failures_combined"_n, {str("xfailed"), str("XFAILURES")}, {{"style"_n, style}});
    return none();
}

void write_failure_line(handle self, handle report) {
    object line = call_method(self, "_getcrashline"_n, report);
    write_report(self, report);
    call_method(self, "write_line"_n, line);
}

void write_failure(handle self, handle report) {
    write_report_title(self, headline(self, report), "red"_n);
    write_report(self, report);
    call_method(self, "_handle_teardown_sections"_n, get(report, "id"_n));
}

/// Arguments: self, which_reports, sep_title, style, needed_opt.
object reporter_summary_failures_combined(Args a) {
    handle self = a[0];
    if (equal(a[3], str("no"))) return none();
    if (truth(a[4]) && !truth(call_method(self, "hasopt"_n, a[4]))) return none();
    object reports = call_method(self, "getreports"_n, a[1]);
    if (!truth(reports)) return none();
    call_method(self, "write_sep"_n, str("="), a[2]);
    bool one_line = equal(a[3], str("line"));
    for (object report : each(reports)) one_line ? write_failure_line(self, report) : write_failure(self, report);
    return none();
}

object reporter_summary_errors(Args a) {
    handle self = a[0];
    if (traceback_style_is(self, "no") || !truth(call_method(self, "getreports"_n, "error"_n))) return none();
    write_title(self, "ERRORS");
    for (object report : each(item(settled_stats(self), "error"_n))) {
        object name = headline(self, report), when = get(report, "when"_n);
        object title = equal(when, "collect"_n) ? strcat("ERROR collecting ", name)
                                                : strcat("ERROR at ", when, " of ", name);
        write_report_title(self, title, "red"_n);
        write_report(self, report);
    }
    return none();
}

}  // namespace

void define_outcomes(ClassBuilder& reporter) {
    reporter.def("_getfailureheadline", "self, rep", reporter_getfailureheadline)
        .def("_getcrashline", "self, rep", reporter_getcrashline)
        .def("_outrep_summary", "self, rep", reporter_outrep_summary)
        .def("print_teardown_sections", "self, rep", reporter_print_teardown_sections)
        .def("_get_teardown_reports", "self, node_id", reporter_get_teardown_reports)
        .def("_handle_teardown_sections", "self, node_id", reporter_handle_teardown_sections)
        .def("summary_passes", "self", reporter_summary_passes)
        .def("summary_xpasses", "self", reporter_summary_xpasses)
        .def("summary_passes_combined", "self, which_reports, sep_title, needed_opt", reporter_summary_passes_combined)
        .def("summary_failures", "self", reporter_summary_failures)
        .def("summary_xfailures", "self", reporter_summary_xfailures)
        .def("summary_failures_combined", "self, which_reports, sep_title, *, style, needed_opt=None",
             reporter_summary_failures_combined)
        .def("summary_errors", "self", reporter_summary_errors);
}

}  // namespace fastest::terminal
