// The collection: its running count, what it found, `--collect-only`.

#include <map>

#include "engine/terminal/reporter.h"

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
    object item_type = lookup("_pytest.nodes", "Item"_n);
    long long found = 0;
    for (object node : each(get(report, "result"_n))) found += is_instance(node, item_type);
    set(self, "_numcollected"_n, integer(to_int(get(self, "_numcollected"_n)) + found));
    if (is_terminal(self)) call_method(self, "report_collect"_n);
    return none();
}

/// Whether the running count was shown so lately that nobody would see a new one; else notes that it is shown now.
bool shown_lately(handle self) {
    double age = to_double(get(call_method(get(self, "_collect_report_last_write"_n), "elapsed"_n), "seconds"_n));
    if (age < to_double(facade("_pytest.terminal", "REPORT_COLLECTING_RESOLUTION"_n))) return true;
    set(self, "_collect_report_last_write"_n, call(facade("_pytest.timing", "Instant"_n)));
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
    object failed = stats_of(self, "failed"_n);
    if (failed.is_valid() && truth(failed)) {
        call_method(writer_of(self), "sep"_n, str("!"), str("collection failures"));
        for (object report : each(failed)) call_method(report, "toterminal"_n, writer_of(self));
    }
    return none();
}

// --- --collect-only ---------------------------------------------------------------------------

void print_counts(handle writer, handle items) {
    std::map<std::string, long long> counts;
    for (object test : each(items)) ++counts[text_of(get(get(test, "id"_n), "path"_n))];
    for (const auto& [path, count] : counts) call_method(writer, "line"_n, strcat(path, ": ", count));
}

void print_docs(handle writer, handle node, std::string_view indent) {
    object target = get_or(node, "obj"_n, Py_None);
    if (!truth(target)) return;
    object doc = call(lookup("inspect", "getdoc"_n), target);
    if (!truth(doc)) return;
    for (object line : each(call_method(doc, "splitlines"_n))) call_method(writer, "line"_n, strcat(indent, "  ", line));
}

/// The collectors above each item, indented; those that the item before had too are not repeated.
void print_tree(handle writer, handle items, bool with_docs) {
    std::vector<object> shown;
    for (object test : each(items)) {
        object chain = to_list(call_method(test, "listchain"_n));
        std::vector<object> needed;
        for (Py_ssize_t i = 1; i < PyList_GET_SIZE(chain.ptr()); ++i)
            needed.push_back(borrow(PyList_GET_ITEM(chain.ptr(), i)));
        std::size_t common = 0;
        while (common < shown.size() && common < needed.size() && equal(shown[common], needed[common])) ++common;
        shown.resize(common);
        for (std::size_t i = common; i < needed.size(); ++i) {
            std::string indent(2 * i, ' ');
            shown.push_back(needed[i]);
            call_method(writer, "line"_n, strcat(indent, needed[i]));
            if (with_docs) print_docs(writer, needed[i], indent);
        }
    }
}

object reporter_printcollecteditems(Args a) {
    object writer = writer_of(a[0]);
    long long verbosity = test_cases_verbosity(a[0]);
    if (verbosity < -1) {
        print_counts(writer, a[1]);
    } else if (verbosity < 0) {
        for (object test : each(a[1])) call_method(writer, "line"_n, get(test, "nodeid"_n));
    } else {
        print_tree(writer, a[1], verbosity >= 1);
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
        .def("_printcollecteditems", "self, items", reporter_printcollecteditems);
}

}  // namespace fastest::terminal
