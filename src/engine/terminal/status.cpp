// What a report counts as, and the records of the report: `TestShortLogReport`, `WarningReport`.

#include "engine/hooks/quiet.h"

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

object new_tuple(handle type, handle items) {
    object arguments = tuple_of(to_tuple(items));
    return check(PyTuple_Type.tp_new(reinterpret_cast<PyTypeObject*>(type.ptr()), arguments.ptr(), nullptr));
}

object log_report_new(Args a) { return new_tuple(a[0], tuple_of(a[1], a[2], a[3])); }

object log_report_make(Args a) {
    object items = to_tuple(a[1]);
    if (length(items) != 3) raise(PyExc_TypeError, cat("Expected 3 arguments, got ", length(items)));
    return new_tuple(a[0], items);
}

object field_names() { return tuple_of("category"_n, "letter"_n, "word"_n); }

object log_report_asdict(Args a) {
    object dict = new_dict();
    Py_ssize_t i = 0;
    for (object name : each(field_names())) dict_set(dict, name, handle(PyTuple_GET_ITEM(a[0].ptr(), i++)));
    return dict;
}

object log_report_replace(Args a) {
    object fields = log_report_asdict(a), changes = check(PyDict_Copy(a[1].ptr()));
    object values = new_list();
    for (object name : each(field_names())) {
        object changed = dict_get(changes, name);
        append(values, changed.is_valid() ? changed : dict_get(fields, name));
        dict_remove(changes, name);
    }
    if (length(changes)) raise(PyExc_ValueError, cat("Got unexpected field names: ", repr_of(to_list(changes))));
    return new_tuple(type_of(a[0]), values);
}

object log_report_repr(Args a) {
    auto part = [&](Py_ssize_t i) { return repr_of(handle(PyTuple_GET_ITEM(a[0].ptr(), i))); };
    object name = get(type_of(a[0]), "__name__"_n);
    return strcat(name, "(category=", part(0), ", letter=", part(1), ", word=", part(2), ")");
}

object log_report_getnewargs(Args a) { return check(PyTuple_GetSlice(a[0].ptr(), 0, 3)); }

void define_log_report(Module& m) {
    object getter = lookup("_collections", "_tuplegetter"_n);
    m.cls("TestShortLogReport", {type_object(PyTuple_Type)})
        .doc(
            "What a test's result is called: its category, a letter, and a word for verbose runs, which may be a "
            "tuple\n"
            "with markup: ``\"rerun\", \"R\", (\"RERUN\", {\"yellow\": True})``.\n\n"
            ":ivar category:\n    The kind of result, for example ``\"passed\"`` or ``\"error\"``, or the empty "
            "string.\n"
            ":ivar letter:\n    What is shown as testing goes on, for example ``\".\"``, or the empty string.\n"
            ":ivar word:\n    What verbose runs show, for example ``\"PASSED\"``, or the empty string.")
        .slots({})
        .attr("_fields", field_names())
        .attr("_field_defaults", new_dict())
        .attr("__match_args__", field_names())
        .staticmethod("__new__", "_cls, category, letter, word", log_report_new)
        .classmethod("_make", "cls, iterable", log_report_make)
        .def("_replace", "self, /, **kwds", log_report_replace)
        .def("_asdict", "self", log_report_asdict)
        .def("__repr__", "self", log_report_repr)
        .def("__getnewargs__", "self", log_report_getnewargs)
        .attr("category", call(getter, integer(0), str("What the result counts as.")))
        .attr("letter", call(getter, integer(1), str("The letter of the progress.")))
        .attr("word", call(getter, integer(2), str("The word of verbose runs.")))
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
        .doc("A warning as ``pytest_warning_recorded`` got it.\n\n"
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
