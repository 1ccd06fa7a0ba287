// `_pytest.reports`: what is known of a phase or of a collection when it is over. A report's `__dict__` is its data:
// plugins copy, send and extend it.

#include "engine/run/reports.h"
#include "engine/nodes/node.h"
#include "engine/py/unpack.h"
#include "engine/run/report_json.h"

namespace fastest::run {
namespace {

object outcome_is(handle report, handle outcome) { return boolean(equal(get(report, "outcome"_n), outcome)); }

object node_id(handle value) {
    handle type = known<"_pytest.nodeid", "NodeId">();
    return is_instance(value, type) ? borrow(value) : call_method(type, "parse"_n, value);
}

object worker_line(Args a) {
    if (object cached = try_get(a[0], "_workerinfocache"_n); cached.is_valid()) return cached;
    object info = get(a[0], "workerinfo"_n);
    std::string version;
    Py_ssize_t count = 0;
    for (object part : each(item(info, "version_info"_n))) {
        if (count++ == 3) break;
        version += (count > 1 ? "." : "") + text_of(part);
    }
    object line = strcat("[", item(info, "id"_n), "] ", item(info, "sysplatform"_n), " -- Python ", version, " ",
                         item(info, "executable"_n));
    set(a[0], "_workerinfocache"_n, line);
    return line;
}

// --- BaseReport ---------------------------------------------------------------------------------

object base_init(Args a) {
    check(PyDict_Update(get(a[0], "__dict__"_n).ptr(), a[1].ptr()));
    return none();
}

object to_terminal(Args a) {
    handle self = a[0], out = a[1];
    if (object node = try_get(self, "node"_n); node.is_valid()) {
        object line = call(lookup("_pytest.reports", "getworkerinfoline"_n), node);
        if (truth(line)) call_method(out, "line"_n, line);
    }
    object longrepr = get(self, "longrepr"_n);
    if (is_none(longrepr)) return none();
    if (object paint = try_get(longrepr, "toterminal"_n); paint.is_valid()) {
        call(paint, out);
        return none();
    }
    object text;
    try {
        text = to_str(longrepr);
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_UnicodeEncodeError)) throw;
        text = str("<unprintable longrepr>");
    }
    call_method(out, "line"_n, text);
    return none();
}

Generator sections_with_prefix(OwnedArgs a) {
    object sections = get(a[0], "sections"_n);
    for (object section : each(sections)) {
        auto [name, content] = unpack<2>(section);
        if (truth(call_method(name, "startswith"_n, a[1]))) co_yield tuple_of(a[1], content);
    }
    co_return none();
}

object joined_sections(handle report, handle prefix, handle separator) {
    object contents = new_list();
    for (object pair : each(call_method(report, "get_sections"_n, prefix))) append(contents, item(pair, integer(1)));
    return call_method(separator, "join"_n, contents);
}

object longrepr_text(Args a) {
    object file = call(lookup("io", "StringIO"_n));
    object writer = call(lookup("_pytest._io", "TerminalWriter"_n), file);
    set(writer, "hasmarkup"_n, Py_False);
    call_method(a[0], "toterminal"_n, writer);
    return call_method(call_method(file, "getvalue"_n), "strip"_n);
}

object head_line(Args a) {
    object location = get(a[0], "location"_n);
    return is_none(location) ? none() : item(location, integer(2));
}

object verbose_word(Args a) {
    handle self = a[0], config = a[1];
    object hook = get(get(config, "hook"_n), "pytest_report_teststatus"_n);
    auto [category, letter, verbose] = unpack<3>(call_named<"report", "config">(hook, self, config));
    if (is_str(verbose)) return tuple_of(verbose, a[2]);
    if (PySequence_Check(verbose.ptr()) && length(verbose) == 2) {
        object word = item(verbose, integer(0)), markup = item(verbose, integer(1));
        if (is_str(word) && is_instance(markup, lookup("collections.abc", "Mapping"_n))) return tuple_of(word, markup);
    }
    call(lookup("_pytest.outcomes", "fail"_n),
         strcat("pytest_report_teststatus() hook (from a plugin) returned an invalid verbose value: ", repr_of(verbose),
                ".\nExpected either a string or a tuple of (word, markup)."));
    return none();
}

void define_base(Module& m) {
    m.cls("BaseReport")
        .def("__init__", "self, **kw", base_init)
        .prop(
            "nodeid", [](Args a) { return to_str(get(a[0], "_id"_n)); },
            [](Args a) {
                set(a[0], "_id"_n, call_method(known<"_pytest.nodeid", "NodeId">(), "parse"_n, a[1]));
                return none();
            })
        .prop("id", [](Args a) { return get(a[0], "_id"_n); })
        .def("toterminal", "self, out", to_terminal)
        .generator("get_sections", "self, prefix", sections_with_prefix)
        .prop("longreprtext", longrepr_text, nullptr, "The full text of ``longrepr``.")
        .prop("caplog", [](Args a) { return joined_sections(a[0], "Captured log"_n, "\n"_n); })
        .prop("capstdout", [](Args a) { return joined_sections(a[0], "Captured stdout"_n, ""_n); })
        .prop("capstderr", [](Args a) { return joined_sections(a[0], "Captured stderr"_n, ""_n); })
        .prop("passed", [](Args a) { return outcome_is(a[0], "passed"_n); })
        .prop("failed", [](Args a) { return outcome_is(a[0], "failed"_n); })
        .prop("skipped", [](Args a) { return outcome_is(a[0], "skipped"_n); })
        .prop("fspath", [](Args a) { return get(get(a[0], "_id"_n), "path"_n); })
        .prop("count_towards_summary", [](Args) { return boolean(true); })
        .prop("head_line", head_line)
        .def("_get_verbose_word_with_markup", "self, config, default_markup", verbose_word)
        .def("_to_json", "self", [](Args a) { return report_to_json(a[0]); })
        .classmethod("_from_json", "cls, reportdict",
                     [](Args a) { return call_ex(a[0], check(PyTuple_New(0)), report_kwargs_from_json(a[1])); })
        .make();
}

// --- TestReport ---------------------------------------------------------------------------------

struct TestReportFields {
    handle nodeid, location, keywords, outcome, longrepr, when, sections, duration, start, stop, user_properties;
};

/// Attribute by attribute: such instances need no dict of their own until it is asked for. Sections and properties that
/// are not given are none.
void fill(handle self, const TestReportFields& f) {
    set(self, "_id"_n, node_id(f.nodeid));
    set(self, "location"_n, f.location);
    set(self, "keywords"_n, f.keywords);
    set(self, "outcome"_n, f.outcome);
    set(self, "longrepr"_n, f.longrepr);
    set(self, "when"_n, f.when);
    bool has_properties = f.user_properties.is_valid() && truth(f.user_properties);
    set(self, "user_properties"_n, has_properties ? to_list(f.user_properties) : new_list());
    set(self, "sections"_n, f.sections.is_valid() ? to_list(f.sections) : new_list());
    set(self, "duration"_n, f.duration);
    set(self, "start"_n, f.start);
    set(self, "stop"_n, f.stop);
}

object test_report_init(Args a) {
    fill(a[0], {a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9], a[10], a[11]});
    if (PyDict_GET_SIZE(a[12].ptr())) check(PyDict_Update(dict_of(a[0]).ptr(), a[12].ptr()));
    return none();
}

object test_report_repr(Args a) {
    return strcat("<", get(type_of(a[0]), "__name__"_n), " ", repr_of(get(a[0], "nodeid"_n)),
                  " when=", repr_of(get(a[0], "when"_n)), " outcome=", repr_of(get(a[0], "outcome"_n)), ">");
}

object item_location(handle item) {
    object info = call_method(item, "reportinfo"_n), two = integer(2);
    auto [path, line] = unpack<2>(py::item(info, check(PySlice_New(nullptr, two.ptr(), nullptr))));
    if (is_none(line)) assertion_failed();
    return tuple_of(check(PyOS_FSPath(path.ptr())), integer(to_int(line) + 1));
}

/// Where the error arose, and its message. The item's own place when no Python frame was involved.
struct Crash {
    object path, line, message;
};

Crash crash_of(handle item, handle excinfo, bool at_item) {
    object crash = call_method(excinfo, "_getreprcrash"_n);
    object message =
        is_none(crash) ? call_kw(get(excinfo, "exconly"_n), {}, {{"tryshort"_n, Py_True}}) : get(crash, "message"_n);
    if (at_item || is_none(crash)) {
        object place = item_location(item);
        return {borrow(PyTuple_GET_ITEM(place.ptr(), 0)), borrow(PyTuple_GET_ITEM(place.ptr(), 1)), message};
    }
    return {to_str(get(crash, "path"_n)), get(crash, "lineno"_n), message};
}

/// The place and joined reasons of a group that holds only skips.
object skipped_group_longrepr(handle item, handle excinfo) {
    object exceptions = get(get(excinfo, "value"_n), "exceptions"_n);
    bool at_item = true;
    object reasons = new_list();
    for (object skip : each(exceptions)) {
        at_item = at_item && truth(get_or(skip, "_use_item_location"_n, Py_False));
        object reason = get_or(skip, "msg"_n, Py_None);
        if (!truth(reason)) {
            object args = get(skip, "args"_n);
            reason = truth(args) ? py::item(args, integer(0)) : none();
        }
        if (truth(reason) && !contains(reasons, reason)) append(reasons, reason);
    }
    Crash crash = crash_of(item, excinfo, at_item);
    object reason = at_item ? str("skipped") : crash.message;
    if (length(reasons)) reason = call_method("; "_n, "join"_n, reasons);
    return tuple_of(crash.path, crash.line, reason);
}

object failed_longrepr(handle item, handle call_info, handle excinfo) {
    if (equal(get(call_info, "when"_n), "call"_n)) return call_method(item, "repr_failure"_n, excinfo);
    object style = call_method(get(item, "config"_n), "getoption"_n, "tbstyle"_n, "auto"_n);
    return call_kw(get(item, "_repr_failure_py"_n), {excinfo}, {{"style"_n, style}});
}

struct Judgement {
    handle outcome;
    object longrepr;
};

Judgement judge(handle item, handle call_info, handle excinfo) {
    if (!truth(excinfo)) return {"passed"_n, none()};
    if (!is_instance(excinfo, known<"_pytest._code.code", "ExceptionInfo">())) return {"failed"_n, borrow(excinfo)};
    object error = get(excinfo, "value"_n);
    handle skipped = known<"_pytest.outcomes", "Skipped">();
    if (is_instance(error, skipped)) {
        Crash crash = crash_of(item, excinfo, truth(get(error, "_use_item_location"_n)));
        return {"skipped"_n, tuple_of(crash.path, crash.line, crash.message)};
    }
    if (is_instance(error, base_exception_group()) &&
        is_none(py::item(call_method(error, "split"_n, skipped), integer(1))))
        return {"skipped"_n, skipped_group_longrepr(item, excinfo)};
    return {"failed"_n, failed_longrepr(item, call_info, excinfo)};
}

object report_sections(handle item) {
    object sections = new_list();
    for (object entry : each(get(item, "_report_sections"_n))) {
        auto [when, key, content] = unpack<3>(entry);
        append(sections, tuple_of(strcat("Captured ", key, " ", when), content));
    }
    return sections;
}

/// A report of exactly this class gets its fields directly; a subclass or a patched class is called.
bool fills_directly(handle cls) {
    static PyObject* own_init = nullptr;
    handle own = global<"reports", "TestReport">();
    if (!own_init) own_init = get(own, "__init__"_n).release().ptr();
    return cls.is(own) && get(cls, "__init__"_n).is(own_init);
}

object from_item_and_call(Args a) {
    handle cls = a[0], item = a[1], call_info = a[2];
    object when = get(call_info, "when"_n);
    if (equal(when, "collect"_n)) assertion_failed();
    object duration = get(call_info, "duration"_n), start = get(call_info, "start"_n), stop = get(call_info, "stop"_n);
    object keywords = nodes::keyword_names_of(item, integer(1));
    Judgement judged = judge(item, call_info, get(call_info, "excinfo"_n));
    object sections = report_sections(item);
    object id = get(item, "id"_n), location = get(item, "location"_n), properties = get(item, "user_properties"_n);
    if (fills_directly(cls)) {
        object report = bare_instance(cls);
        fill(report, {id, location, keywords, judged.outcome, judged.longrepr, when, sections, duration, start, stop,
                      properties});
        return report;
    }
    return call_kw(cls,
                   {id, location, keywords, judged.outcome, judged.longrepr, when, sections, duration, start, stop},
                   {{"user_properties"_n, properties}});
}

// --- CollectReport ------------------------------------------------------------------------------

object collect_report_init(Args a) {
    object data = dict_of(a[0]);
    dict_set(data, "_id"_n, node_id(a[1]));
    dict_set(data, "outcome"_n, a[2]);
    dict_set(data, "longrepr"_n, a[3]);
    dict_set(data, "result"_n, truth(a[4]) ? borrow(a[4]) : new_list());
    dict_set(data, "sections"_n, to_list(a[5]));
    check(PyDict_Update(data.ptr(), a[6].ptr()));
    return none();
}

object collect_report_location(Args a) {
    object path = get(a[0], "fspath"_n);
    return tuple_of(path, Py_None, path);
}

object collect_report_repr(Args a) {
    return strcat("<CollectReport ", repr_of(get(a[0], "nodeid"_n)), " lenresult=", length(get(a[0], "result"_n)),
                  " outcome=", repr_of(get(a[0], "outcome"_n)), ">");
}

object paint_collect_error(Args a) {
    call_kw(get(a[1], "line"_n), {get(a[0], "longrepr"_n)}, {{"red"_n, Py_True}});
    return none();
}

}  // namespace

object report_of(const hooks::PhasePassed& event) {
    nodes::KeywordNames keywords(event.item);
    return report_of(event, keywords);
}

object report_of(const hooks::PhasePassed& event, nodes::KeywordNames& keyword_names) {
    object cls = lookup("_pytest.reports", "TestReport"_n), keywords = keyword_names.make(integer(1));
    object id = get(event.item, "id"_n), location = get(event.item, "location"_n);
    object duration = real(event.duration), start = real(event.start), stop = real(event.stop);
    handle when = hooks::name_of(event.phase);
    if (!fills_directly(cls))
        return call_kw(cls, {id, location, keywords, "passed"_n, Py_None, when, new_list(), duration, start, stop},
                       {{"user_properties"_n, new_list()}});
    object report = bare_instance(cls);
    fill(report, {id, location, keywords, "passed"_n, Py_None, when, {}, duration, start, stop, {}});
    return report;
}

}  // namespace fastest::run

FASTEST_MODULE(reports, "_pytest.reports") {
    using namespace fastest::run;
    m.def("getworkerinfoline", "node", worker_line);
    m.def("_format_failed_longrepr", "item, call, excinfo", [](Args a) { return failed_longrepr(a[0], a[1], a[2]); });
    m.def("_format_exception_group_all_skipped_longrepr", "item, excinfo",
          [](Args a) { return skipped_group_longrepr(a[0], a[1]); });
    define_base(m);
    object base = m.get("BaseReport");
    m.cls("TestReport", {base})
        .doc("What is known of one phase of a test. May carry any further attributes.")
        .attr("__test__", Py_False)
        .prop(
            "id", [](Args a) { return get(a[0], "_id"_n); }, nullptr, "The node id in its structured form.")
        .def("__init__",
             "self, nodeid, location, keywords, outcome, longrepr, when, sections=(), duration=0, start=0, stop=0, "
             "user_properties=None, **extra",
             test_report_init)
        .def("__repr__", "self", test_report_repr)
        .classmethod("from_item_and_call", "cls, item, call", from_item_and_call,
                     "A report of this item's phase, filled from the item and the call info.")
        .make();
    m.cls("CollectReport", {base})
        .doc("What is known of a collector after it collected. May carry any further attributes.")
        .attr("when", "collect"_n)
        .prop(
            "id", [](Args a) { return get(a[0], "_id"_n); }, nullptr, "The node id in its structured form.")
        .def("__init__", "self, nodeid, outcome, longrepr, result, sections=(), **extra", collect_report_init)
        .prop("location", collect_report_location)
        .def("__repr__", "self", collect_report_repr)
        .make();
    m.cls("CollectErrorRepr", {global<"code_terminal_repr", "TerminalRepr">()})
        .def("__init__", "self, msg",
             [](Args a) {
                 set(a[0], "longrepr"_n, a[1]);
                 return none();
             })
        .def("toterminal", "self, out", paint_collect_error)
        .make();
    define_report_json(m);
}
