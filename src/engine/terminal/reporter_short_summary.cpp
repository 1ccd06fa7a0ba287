// "short test summary info": a line for each report of the kinds that `-r` names.

#include "engine/terminal/format.h"
#include "engine/terminal/reporter.h"
#include "engine/terminal/results.h"

namespace fastest::terminal {
namespace {

using namespace py;

object listed(handle self, std::string_view category) {
    object reports = reports_of(self, str(category));
    return reports.is_valid() ? reports : new_list();
}

object yellow_word(handle self, handle report) {
    object yellow = styles({item(facade("_pytest.terminal", "_color_for_type"_n), "warnings"_n)});
    return marked_word(writer_of(self), get(self, "config"_n), report, yellow);
}

object nodeid_of(handle self, handle report) {
    return call(facade("_pytest.terminal", "_get_node_id_with_markup"_n), writer_of(self), get(self, "config"_n), report);
}

void with_reason(std::string& line, handle reason) {
    if (truth(reason)) line += cat(" - ", reason);
}

void add_simple(handle self, std::string_view category, handle lines) {
    object color = color_of(str(category));
    for (object report : each(listed(self, category)))
        append(lines, call(facade("_pytest.terminal", "_get_line_with_reprcrash_message"_n), get(self, "config"_n), report,
                           writer_of(self), styles({color})));
}

void add_expected(handle self, std::string_view category, handle lines) {
    for (object report : each(listed(self, category))) {
        object when = get(report, "when"_n);
        std::string line = text(yellow_word(self, report));
        if (category == "xfailed" && !equal(when, "call"_n)) line += cat(" at ", when, " of");
        line += cat(" ", nodeid_of(self, report));
        with_reason(line, get(report, "wasxfail"_n));
        append(lines, str(line));
    }
}

void add_folded_skips(handle self, handle lines) {
    object reports = listed(self, "skipped");
    if (!truth(reports)) return;
    object folded = call(facade("_pytest.terminal", "_folded_skips"_n), get(self, "startpath"_n), reports);
    if (!truth(folded)) return;
    object word = yellow_word(self, item(reports, integer(0)));
    for (object group : each(folded)) {
        object parts = to_tuple(group);
        object line_number = item(parts, integer(2));
        object reason = call_method(item(parts, integer(3)), "removeprefix"_n, str("Skipped: "));
        std::string line = cat(word, " [", item(parts, integer(0)), "] ", item(parts, integer(1)));
        if (!is_none(line_number)) line += cat(":", line_number);
        append(lines, strcat(line, ": ", reason));
    }
}

void add_skips(handle self, handle lines) {
    for (object report : each(listed(self, "skipped"))) {
        object longrepr = get(report, "longrepr"_n);
        if (!PyTuple_Check(longrepr.ptr()) || PyTuple_GET_SIZE(longrepr.ptr()) != 3)
            raise_exception(call(handle(PyExc_AssertionError), tuple_of(report, longrepr)));
        std::string line = cat(yellow_word(self, report), " ", nodeid_of(self, report));
        with_reason(line, item(longrepr, integer(2)));
        append(lines, str(line));
    }
}

void add_lines_of(handle self, char letter, handle lines) {
    switch (letter) {
        case 'x': return add_expected(self, "xfailed", lines);
        case 'X': return add_expected(self, "xpassed", lines);
        case 'f': return add_simple(self, "failed", lines);
        case 'p': return add_simple(self, "passed", lines);
        case 'E': return add_simple(self, "error", lines);
        case 's':
            return truth(get(self, "foldskipped"_n)) ? add_folded_skips(self, lines) : add_skips(self, lines);
        default: return;  // others have their place elsewhere
    }
}

object reporter_short_test_summary(Args a) {
    handle self = a[0];
    object letters = get(self, "reportchars"_n);
    if (!truth(letters)) return none();
    object lines = new_list();
    for (char letter : text(letters)) add_lines_of(self, letter, lines);
    if (!truth(lines)) return none();
    call_method_kw(self, "write_sep"_n, {str("="), str("short test summary info")},
                   {{"cyan"_n, Py_True}, {"bold"_n, Py_True}});
    for (object line : each(lines)) call_method(self, "write_line"_n, line);
    return none();
}

}  // namespace

void define_short_summary(ClassBuilder& reporter) {
    reporter.def("short_test_summary", "self", reporter_short_test_summary);
}

}  // namespace fastest::terminal
