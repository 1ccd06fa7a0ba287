// What a report counts as, and the records of the report: `TestShortLogReport`, `WarningReport`.

#include "engine/hooks/quiet.h"
#include "engine/py/named_tuple.h"

namespace fastest::terminal {
namespace {

using namespace py;

object pytest_report_teststatus(Args a) {
    handle report = a[0];
    object outcome = get(report, "outcome"_n);
    const char* letter = truth(get(report, "passed"_n)) ? "." : truth(get(report, "skipped"_n)) ? "s" : "F";
    if (equal(outcome, "failed"_n)) {
        object when = get(report, "when"_n);
        for (handle phase : {"collect"_n, "setup"_n, "teardown"_n}) {
            if (!equal(when, phase)) continue;
            return tuple_of(str("error"), str("E"), str("ERROR"));
        }
    }
    return tuple_of(outcome, str(letter), call_method(outcome, "upper"_n));
}

void define_log_report(Module& m) {
    named_tuple_class(m, "TestShortLogReport", {"category", "letter", "word"})
        .doc(
            "What a test's result is called: its category, a letter, and a word for verbose runs, which may be a "
            "tuple\n"
            "with markup: ``\"rerun\", \"R\", (\"RERUN\", {\"yellow\": True})``.\n\n"
            ":ivar category:\n    The kind of result, for example ``\"passed\"`` or ``\"error\"``, or the empty "
            "string.\n"
            ":ivar letter:\n    What is shown as testing goes on, for example ``\".\"``, or the empty string.\n"
            ":ivar word:\n    What verbose runs show, for example ``\"PASSED\"``, or the empty string.")
        .make();
}

object warning_get_location(Args a) {
    object nodeid = get(a[0], "nodeid"_n);
    if (truth(nodeid)) return nodeid;
    object place = get(a[0], "fslocation"_n);
    if (!truth(place)) return none();
    object path = call(lookup("_pytest.pathlib", "absolutepath"_n), item(place, integer(0)));
    object here = get(get(a[1], "invocation_params"_n), "dir"_n);
    return strcat(call(lookup("_pytest.pathlib", "bestrelpath"_n), here, path), ":", item(place, integer(1)));
}

object known_types() {
    object types = new_list();
    for (const char* name : {"failed", "passed", "skipped", "deselected", "xfailed", "xpassed", "warnings", "error",
                             "subtests passed", "subtests failed", "subtests skipped"})
        append(types, str(name));
    return to_tuple(types);
}

}  // namespace

FASTEST_MODULE(terminal_status, "_pytest.terminal") {
    m.attr("KNOWN_TYPES", known_types());
    m.attr("REPORT_COLLECTING_RESOLUTION", real(0.5));
    hooks::plays_quietly(m.hook("pytest_report_teststatus", "report", pytest_report_teststatus, {.trylast = true}),
                         hooks::idle_part);
    define_log_report(m);
    m.cls("WarningReport")
        .doc(
            "A warning as ``pytest_warning_recorded`` got it.\n\n"
            ":ivar str message:\n    The text for users.\n"
            ":ivar str|None nodeid:\n    The node id of what warned (see ``get_location``).\n"
            ":ivar tuple fslocation:\n    File and line of what warned (see ``get_location``).")
        .attr("count_towards_summary", Py_True)
        .attr("nodeid", Py_None)
        .attr("fslocation", Py_None)
        .dataclass("message, nodeid=None, fslocation=None")
        .def("get_location", "self, config", warning_get_location, "Where the warning comes from, or None.")
        .make();
}

}  // namespace fastest::terminal
