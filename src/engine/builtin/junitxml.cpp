// `_pytest.junitxml`: the JUnit file. Test cases stand in the order of their first report; reports of several workers
// may be interlaced.

#include "engine/builtin/junit_testcase.h"
#include "engine/py/functools.h"
#include "engine/py/unpack.h"
#include "engine/py/with.h"

namespace fastest::builtin {
namespace {

// --- messages -----------------------------------------------------------------------------------

/// Keeps whole lines up to `budget` characters, at least a part of the first, and says what was left out.
object shorten_message(Args a) {
    object lines = call_method(a[0], "splitlines"_n);
    if (!length(lines)) append(lines, ""_n);
    Py_ssize_t budget = to_int(a[1]), count = length(lines), kept = 0, size = 0;
    for (; kept < count; ++kept) {
        Py_ssize_t needed = length(item(lines, integer(kept))) + 1;
        if (kept && size + needed > budget) break;
        size += needed;
    }
    object text = call_method(str("\n"), "join"_n, check(PyList_GetSlice(lines.ptr(), 0, kept)));
    bool cut = length(text) > budget;
    if (cut) text = strcat(check(PyUnicode_Substring(text.ptr(), 0, budget)), "...");
    Py_ssize_t more = count - kept;
    if (!more && !cut) return borrow(a[0]);
    std::string note = more ? cat("+", more, " more line", more > 1 ? "s" : "") : "truncated";
    return strcat(text, "\n[", note, "; full report in element text]");
}

// --- LogXML -------------------------------------------------------------------------------------

object init(Args a) {
    handle self = a[0];
    object os_path = lookup("os", "path"_n);
    object file = call_method(os_path, "expanduser"_n, call_method(os_path, "expandvars"_n, a[1]));
    set(self, "logfile"_n, call_method(os_path, "normpath"_n, call_method(os_path, "abspath"_n, file)));
    set(self, "prefix"_n, a[2]);
    set(self, "suite_name"_n, a[3]);
    set(self, "logging"_n, a[4]);
    set(self, "log_passing_tests"_n, a[7]);
    set(self, "report_duration"_n, a[5]);
    set(self, "family"_n, equal(a[6], "legacy"_n) ? "xunit1"_n : a[6]);
    object stats = new_dict();
    for (handle key : {"error"_n, "passed"_n, "failure"_n, "skipped"_n}) dict_set(stats, key, integer(0));
    set(self, "stats"_n, stats);
    set(self, "node_reporters"_n, new_dict());
    set(self, "node_reporters_ordered"_n, new_list());
    set(self, "global_properties"_n, new_list());
    set(self, "open_reports"_n, new_list());
    set(self, "cnt_double_fail_tests"_n, integer(0));
    return none();
}

object key_of(handle report, handle id) { return tuple_of(id, get_or(report, "node"_n, Py_None)); }

object node_reporter(Args a) {
    handle self = a[0], report = a[1];
    bool is_id = is_str(report) || is_instance(report, known<"_pytest.nodeid", "NodeId">());
    object id = is_id ? call(lookup("_pytest.nodeid", "coerce_node_id"_n), report) : get(report, "id"_n);
    object key = key_of(report, id), reporters = get(self, "node_reporters"_n);
    if (object found = dict_get(reporters, key); found.is_valid()) return found;
    object made = call(lookup("_pytest.junitxml", "_NodeReporter"_n), id, self);
    dict_set(reporters, key, made);
    append(get(self, "node_reporters_ordered"_n), made);
    return made;
}

object finalize(Args a) {
    handle report = a[1];
    object reporter = call_method(get(a[0], "node_reporters"_n), "pop"_n, key_of(report, get(report, "id"_n)));
    for (object pair : each(get(report, "user_properties"_n))) {
        auto [name, value] = unpack<2>(pair);
        call_method(reporter, "add_property"_n, name, to_str(value));
    }
    if (!is_none(reporter)) call_method(reporter, "finalize"_n);
    return none();
}

object add_stats(Args a) {
    object stats = get(a[0], "stats"_n);
    if (object count = dict_get(stats, a[1]); count.is_valid()) dict_set(stats, a[1], integer(to_int(count) + 1));
    return none();
}

object open_testcase(Args a) {
    object reporter = call_method(a[0], "node_reporter"_n, a[1]);
    call_method(reporter, "record_testreport"_n, a[1]);
    return reporter;
}

/// The failed call report of the same item that waits for its teardown; None if there is none.
object open_report_of(handle self, handle report) {
    auto same = [&](handle other, handle name) {
        return equal(get_or(other, name, Py_None), get_or(report, name, Py_None));
    };
    for (object other : each(get(self, "open_reports"_n)))
        if (equal(get(other, "id"_n), get(report, "id"_n)) && same(other, "item_index"_n) && same(other, "worker_id"_n))
            return other;
    return none();
}

/// A failed teardown after a failed call makes a second testcase.
void close_failed_call(handle self, handle report) {
    object waiting = open_report_of(self, report);
    if (!is_none(waiting)) {
        call_method(self, "finalize"_n, waiting);
    } else if (contains(get(self, "node_reporters"_n), key_of(report, get(report, "id"_n)))) {
        set(self, "cnt_double_fail_tests"_n, integer(to_int(get(self, "cnt_double_fail_tests"_n)) + 1));
    }
}

void log_failed(handle self, handle report, const std::string& when) {
    if (when == "teardown") close_failed_call(self, report);
    object reporter = call_method(self, "_opentestcase"_n, report);
    if (when != "call") {
        call_method(reporter, "append_error"_n, report);
        return;
    }
    call_method(reporter, "append_failure"_n, report);
    append(get(self, "open_reports"_n), report);
    if (!truth(get(self, "log_passing_tests"_n))) call_method(reporter, "write_captured_output"_n, report);
}

object log_report(Args a) {
    handle self = a[0], report = a[1];
    object phase = get(report, "when"_n);
    std::string when = is_str(phase) ? text(phase) : "";
    if (truth(get(report, "passed"_n))) {
        if (when == "call") call_method(call_method(self, "_opentestcase"_n, report), "append_pass"_n, report);
    } else if (truth(get(report, "failed"_n))) {
        log_failed(self, report, when);
    } else if (truth(get(report, "skipped"_n))) {
        call_method(call_method(self, "_opentestcase"_n, report), "append_skipped"_n, report);
    }
    call_method(self, "update_testcase_duration"_n, report);
    if (when != "teardown") return none();
    call_method(call_method(self, "_opentestcase"_n, report), "write_captured_output"_n, report);
    call_method(self, "finalize"_n, report);
    object waiting = open_report_of(self, report);
    if (!is_none(waiting)) call_method(get(self, "open_reports"_n), "remove"_n, waiting);
    return none();
}

object update_duration(Args a) {
    object wanted = get(a[0], "report_duration"_n);
    if (!equal(wanted, "total"_n) && !equal(wanted, get(a[1], "when"_n))) return none();
    object reporter = call_method(a[0], "node_reporter"_n, a[1]);
    object sum = check(PyNumber_Add(get(reporter, "duration"_n).ptr(), get_or(a[1], "duration"_n, real(0.0)).ptr()));
    set(reporter, "duration"_n, sum);
    return none();
}

object log_collect_report(Args a) {
    if (truth(get(a[1], "passed"_n))) return none();
    object reporter = call_method(a[0], "_opentestcase"_n, a[1]);
    call_method(reporter, truth(get(a[1], "failed"_n)) ? "append_collect_error"_n : "append_collect_skipped"_n, a[1]);
    return none();
}

object log_internal_error(Args a) {
    object reporter = call_method(a[0], "node_reporter"_n, "internal"_n), attrs = get(reporter, "attrs"_n);
    set_item(attrs, "classname"_n, "pytest"_n);
    set_item(attrs, "name"_n, "internal"_n);
    call_method(reporter, "_add_simple"_n, "error"_n, str("internal error"), to_str(a[1]));
    return none();
}

object session_start(Args a) {
    set(a[0], "suite_start"_n, call(lookup("_pytest.timing", "Instant"_n)));
    return none();
}

object suite_element(handle self) {
    object stats = get(self, "stats"_n), start = get(self, "suite_start"_n);
    auto count = [&](handle key) { return to_int(item(stats, key)); };
    long long total = count("passed"_n) + count("failure"_n) + count("skipped"_n) + count("error"_n) -
                      to_int(get(self, "cnt_double_fail_tests"_n));
    char seconds[64];
    std::snprintf(seconds, sizeof seconds, "%.3f", to_double(get(call_method(start, "elapsed"_n), "seconds"_n)));
    object stamp = call_method(call_method(call_method(start, "as_utc"_n), "astimezone"_n), "isoformat"_n);
    return xml_element("testsuite"_n, {{"name", get(self, "suite_name"_n)},
                                       {"errors", to_str(item(stats, "error"_n))},
                                       {"failures", to_str(item(stats, "failure"_n))},
                                       {"skipped", to_str(item(stats, "skipped"_n))},
                                       {"tests", to_str(integer(total))},
                                       {"time", str(seconds)},
                                       {"timestamp", stamp},
                                       {"hostname", call(lookup("platform", "node"_n))}});
}

std::string document(handle self) {
    object suite = suite_element(self), properties = call_method(self, "_get_global_properties_node"_n);
    if (!is_none(properties)) xml_append(suite, properties);
    for (object reporter : each(get(self, "node_reporters_ordered"_n)))
        xml_append(suite, call_method(reporter, "to_xml"_n));
    object root = xml_element("testsuites"_n, {{"name", str("pytest tests")}});
    xml_append(root, suite);
    std::string out = "<?xml version=\"1.0\" encoding=\"utf-8\"?>";
    write_xml(out, root);
    return out;
}

object session_finish(Args a) {
    handle self = a[0];
    object os_path = lookup("os", "path"_n), path = get(self, "logfile"_n);
    object folder = call_method(os_path, "dirname"_n, call_method(os_path, "abspath"_n, path));
    call_kw(lookup("os", "makedirs"_n), {folder}, {{"exist_ok"_n, Py_True}});
    object file = call_kw(lookup("builtins", "open"_n), {path, "w"_n}, {{"encoding"_n, str("utf-8")}});
    with(file, [&](handle) { return call_method(file, "write"_n, str(document(self))); });
    return none();
}

object terminal_summary(Args a) {
    if (to_int(call_method(a[2], "get_verbosity"_n)) >= 0)
        call_method(a[1], "write_sep"_n, "-"_n, strcat("generated xml file: ", get(a[0], "logfile"_n)));
    return none();
}

object check_param_type(Args a) {
    if (!is_str(a[1]))
        raise(PyExc_TypeError,
              cat(a[0], " parameter needs to be a string, but ", get(type_of(a[1]), "__name__"_n), " given"));
    return none();
}

object add_global_property(Args a) {
    call(lookup("_pytest.junitxml", "_check_record_param_type"_n), "name"_n, a[1]);
    append(get(a[0], "global_properties"_n), tuple_of(a[1], xml_visible(a[2])));
    return none();
}

object global_properties_node(Args a) {
    object properties = get(a[0], "global_properties"_n);
    if (!truth(properties)) return none();
    object node = xml_element("properties"_n);
    for (object pair : each(properties))
        xml_append(node,
                   xml_element("property"_n, {{"name", item(pair, integer(0))}, {"value", item(pair, integer(1))}}));
    return node;
}

// --- fixtures -----------------------------------------------------------------------------------

object log_of(handle config) {
    return call_method(get(config, "stash"_n), "get"_n, global<"junitxml", "xml_key">(), Py_None);
}

void warn_node(handle node, const char* type, const std::string& message) {
    call_method(node, "warn"_n, call(lookup("_pytest.warning_types", str(type)), str(message)));
}

object warn_if_xunit2(Args a) {
    object xml = log_of(get(a[0], "config"_n));
    if (is_none(xml)) return none();
    object family = get(xml, "family"_n);
    if (!equal(family, "xunit1"_n) && !equal(family, "legacy"_n))
        warn_node(get(a[0], "node"_n), "PytestWarning",
                  cat(a[1], " is incompatible with junit_family '", family, "' (use 'legacy' or 'xunit1')"));
    return none();
}

object property_recorder(Args a) {
    call(lookup("_pytest.junitxml", "_warn_incompatibility_with_xunit2"_n), a[0], "record_property"_n);
    return make_function(
        "append_property", "name, value",
        [](Args b) {
            append(get(get(b.closure(), "node"_n), "user_properties"_n), tuple_of(b[0], b[1]));
            return none();
        },
        a[0]);
}

object attribute_recorder(Args a) {
    object node = get(a[0], "node"_n);
    warn_node(node, "PytestExperimentalApiWarning", "record_xml_attribute is an experimental feature");
    call(lookup("_pytest.junitxml", "_warn_incompatibility_with_xunit2"_n), a[0], "record_xml_attribute"_n);
    object xml = log_of(get(a[0], "config"_n));
    if (!is_none(xml)) return get(call_method(xml, "node_reporter"_n, get(node, "id"_n)), "add_attribute"_n);
    return make_function("add_attr_noop", "name, value", [](Args) { return none(); });
}

object suite_property_recorder(Args a) {
    object xml = log_of(get(a[0], "config"_n));
    if (!is_none(xml)) return get(xml, "add_global_property"_n);
    return make_function("record_func", "name, value", [](Args b) {
        return call(lookup("_pytest.junitxml", "_check_record_param_type"_n), "name"_n, b[0]);
    });
}

// --- options ------------------------------------------------------------------------------------

/// `Literal[choices]` where typing is there anyway.
object one_of(std::initializer_list<const char*> choices) {
    object values = new_list();
    for (const char* choice : choices) append(values, str(choice));
    values = to_tuple(values);
    if (object typing = imported("typing"); typing.is_valid()) return item(get(typing, "Literal"_n), values);
    return call(lookup("_pytest.config.argparsing", "_IniLiteral"_n), values);
}

object add_options(Args a) {
    object add = get(call_method(a[0], "getgroup"_n, str("terminal reporting")), "addoption"_n);
    object type = partial(lookup("_pytest.config", "filename_arg"_n), {{"optname"_n, "--junitxml"_n}});
    call_kw(add, {str("--junitxml"), str("--junit-xml")},
            {{"action"_n, "store"_n},
             {"dest"_n, "xmlpath"_n},
             {"metavar"_n, "path"_n},
             {"type"_n, type},
             {"default"_n, Py_None},
             {"help"_n, str("Create junit-xml style report file at given path")}});
    call_kw(add, {str("--junitprefix"), str("--junit-prefix")},
            {{"action"_n, "store"_n},
             {"metavar"_n, "str"_n},
             {"default"_n, Py_None},
             {"help"_n, str("Prepend prefix to classnames in junit-xml output")}});
    object add_ini = get(a[0], "addini"_n);
    auto add_typed = [&](const char* name, const char* help, handle type, handle value) {
        call_kw(add_ini, {str(name), str(help)}, {{"type"_n, type}, {"default"_n, value}});
    };
    call_kw(add_ini, {str("junit_suite_name"), str("Test suite name for JUnit report")}, {{"default"_n, "pytest"_n}});
    add_typed("junit_logging", "Write captured log messages to JUnit report",
              one_of({"no", "log", "system-out", "system-err", "out-err", "all"}), "no"_n);
    add_typed("junit_log_passing_tests", "Capture log information for passing tests to JUnit report: ", "bool"_n,
              Py_True);
    add_typed("junit_duration_report", "Duration time to report", one_of({"total", "call"}), "total"_n);
    add_typed("junit_family", "Emit XML for schema", one_of({"legacy", "xunit1", "xunit2"}), "xunit2"_n);
    return none();
}

object configure(Args a) {
    object option = get(a[0], "option"_n), path = get(option, "xmlpath"_n);
    if (!truth(path) || has(a[0], "workerinput"_n)) return none();
    auto ini = [&](const char* name) { return call_method(a[0], "getini"_n, str(name)); };
    object xml =
        call(lookup("_pytest.junitxml", "LogXML"_n), path, get(option, "junitprefix"_n), ini("junit_suite_name"),
             ini("junit_logging"), ini("junit_duration_report"), ini("junit_family"), ini("junit_log_passing_tests"));
    set_item(get(a[0], "stash"_n), global<"junitxml", "xml_key">(), xml);
    call_method(get(a[0], "pluginmanager"_n), "register"_n, xml);
    return none();
}

object unconfigure(Args a) {
    object xml = log_of(a[0]);
    if (!truth(xml)) return none();
    check(PyObject_DelItem(get(a[0], "stash"_n).ptr(), global<"junitxml", "xml_key">().ptr()));
    call_method(get(a[0], "pluginmanager"_n), "unregister"_n, xml);
    return none();
}

void define_log(Module& m) {
    m.cls("LogXML")
        .def("__init__",
             "self, logfile, prefix, suite_name='pytest', logging='no', report_duration='total', family='xunit1', "
             "log_passing_tests=True",
             init)
        .def("finalize", "self, report", finalize)
        .def("node_reporter", "self, report", node_reporter)
        .def("add_stats", "self, key", add_stats)
        .def("_opentestcase", "self, report", open_testcase)
        .def("pytest_runtest_logreport", "self, report", log_report)
        .def("update_testcase_duration", "self, report", update_duration)
        .def("pytest_collectreport", "self, report", log_collect_report)
        .def("pytest_internalerror", "self, excrepr", log_internal_error)
        .def("pytest_sessionstart", "self", session_start)
        .def("pytest_sessionfinish", "self", session_finish)
        .def("pytest_terminal_summary", "self, terminalreporter, config", terminal_summary)
        .def("add_global_property", "self, name, value", add_global_property)
        .def("_get_global_properties_node", "self", global_properties_node)
        .make();
}

}  // namespace
}  // namespace fastest::builtin

FASTEST_MODULE(junitxml, "_pytest.junitxml") {
    using namespace fastest::builtin;
    m.attr("xml_key", call(known<"_pytest.stash", "StashKey">()));
    m.later({"_Element"}, define_xml_element);
    m.later({"_NodeReporter", "mangle_test_address"}, define_junit_testcase);
    m.later({"LogXML"}, define_log);
    m.def(
        "bin_xml_escape", "arg", [](Args a) { return xml_visible(a[0]); },
        "``str(arg)`` with characters that XML cannot hold shown as ``#x08``.");
    m.def("shorten_message", "msg, budget=500", shorten_message);
    m.def("_check_record_param_type", "param, v", check_param_type);
    m.def("_warn_incompatibility_with_xunit2", "request, fixture_name", warn_if_xunit2);
    m.def("property_recorder", "request", property_recorder);
    m.def("attribute_recorder", "request", attribute_recorder);
    m.def("suite_property_recorder", "request", suite_property_recorder);
    m.def("pytest_addoption", "parser", add_options);
    m.def("pytest_configure", "config", configure);
    m.def("pytest_unconfigure", "config", unconfigure);
}
