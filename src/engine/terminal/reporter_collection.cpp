// The collection: its running count, what it found, `--collect-only`.

#include "engine/nodes/node.h"
#include "engine/py/frame.h"
#include "engine/terminal/collected.h"
#include "engine/terminal/reporter.h"
#include "engine/terminal/results.h"

namespace fastest::terminal {
namespace {

using namespace py;

bool is_terminal(handle self) { return truth(call(get(self, "isatty"_n))); }

object reporter_collection(Args a) {
    long long least = is_terminal(a[0]) ? 0 : 1;
    if (to_int(option(a[0], "verbose"_n)) >= least)
        call_method_kw(a[0], "write"_n, {str("collecting ... ")}, {{"flush"_n, Py_True}, {"bold"_n, Py_True}});
    return none();
}

object reporter_collectreport(Args a) {
    handle self = a[0], report = a[1];
    if (truth(get(report, "failed"_n)))
        call_method(self, "_add_stats"_n, "error"_n, list_of(report));
    else if (truth(get(report, "skipped"_n)))
        call_method(self, "_add_stats"_n, "skipped"_n, list_of(report));
    long long found = 0;
    for (object node : each(get(report, "result"_n))) found += nodes::is_item(node);
    set(self, "_numcollected"_n, integer(to_int(get(self, "_numcollected"_n)) + found));
    if (is_terminal(self)) call_method(self, "report_collect"_n);
    return none();
}

/// Whether the running count was shown so lately that nobody would see a new one; else notes that it is shown now.
bool shown_lately(handle self) {
    object elapsed = get(get(self, "_collect_report_last_write"_n), "elapsed"_n);
    double age = to_double(get(call_timing("_pytest.terminal", elapsed), "seconds"_n));
    if (age < to_double(facade("_pytest.terminal", "REPORT_COLLECTING_RESOLUTION"_n))) return true;
    set(self, "_collect_report_last_write"_n, call_timing("_pytest.terminal", facade("_pytest.timing", "Instant"_n)));
    return false;
}

std::string collected_line(handle self, bool final) {
    long long found = to_int(get(self, "_numcollected"_n));
    long long errors = count_of(self, "error"_n), deselected = count_of(self, "deselected"_n);
    long long skipped = count_of(self, "skipped"_n);
    std::string line = cat(final ? "collected " : "collecting ", found, found == 1 ? " item" : " items");
    if (errors) line += cat(" / ", errors, errors == 1 ? " error" : " errors");
    if (deselected) line += cat(" / ", deselected, " deselected");
    if (skipped) line += cat(" / ", skipped, " skipped");
    if (deselected > 0) line += cat(" / ", found - deselected, " selected");
    return line;
}

object reporter_report_collect(Args a) {
    handle self = a[0];
    bool final = truth(a[1]);
    if (to_int(option(self, "verbose"_n)) < 0) return none();
    if (!final && shown_lately(self)) return none();
    object line = str(collected_line(self, final));
    if (!is_terminal(self)) {
        call_method(self, "write_line"_n, line);
        return none();
    }
    call_method_kw(self, "rewrite"_n, {line}, {{"bold"_n, Py_True}, {"erase"_n, Py_True}});
    if (final) call_method(self, "write"_n, str("\n"));
    return none();
}

object reporter_deselected(Args a) {
    call_method(a[0], "_add_stats"_n, "deselected"_n, a[1]);
    return none();
}

object reporter_collection_finish(Args a) {
    handle self = a[0];
    object config = get(self, "config"_n), items = get(a[1], "items"_n);
    call_method(self, "report_collect"_n, Py_True);
    object hook = get(get(config, "hook"_n), "pytest_report_collectionfinish"_n);
    object lines = call_named<"config", "start_path", "items">(hook, config, get(self, "startpath"_n), items);
    call_method(self, "_write_report_lines_from_hooks"_n, lines);
    if (!truth(call_method(config, "getoption"_n, str("collectonly")))) return none();
    if (truth(items)) {
        if (to_int(option(self, "verbose"_n)) > -1) call_method(writer_of(self), "line"_n, str(""));
        call_method(self, "_printcollecteditems"_n, items);
    }
    object failed = reports_of(self, "failed"_n);
    if (failed.is_valid() && truth(failed)) {
        call_method(writer_of(self), "sep"_n, str("!"), str("collection failures"));
        for (object report : each(failed)) call_method(report, "toterminal"_n, writer_of(self));
    }
    return none();
}

}  // namespace

void define_collection(ClassBuilder& reporter) {
    reporter.def("pytest_deselected", "self, items", reporter_deselected)
        .def("pytest_collection", "self", reporter_collection)
        .def("pytest_collectreport", "self, report", reporter_collectreport)
        .def("report_collect", "self, final=False", reporter_report_collect)
        .def("pytest_collection_finish", "self, session", reporter_collection_finish)
        .def("_printcollecteditems", "self, items", print_collected_items);
}

}  // namespace fastest::terminal
