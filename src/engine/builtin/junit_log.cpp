#include "engine/builtin/junit_log.h"

#include "engine/builtin/junit_places.h"
#include "engine/builtin/junit_testcase.h"
#include "engine/builtin/quiet_junit.h"
#include "engine/py/frame.h"
#include "engine/py/pathlib_path.h"
#include "engine/py/unpack.h"
#include "engine/py/with.h"
#include "os/replacement_file.h"

namespace fastest::builtin {
namespace {

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
    set(self, "_node_reporters"_n, new_dict());
    set(self, "_unfinished"_n, new_dict());
    set(self, "_ordered"_n, new_list());
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
    object key = key_of(report, id);
    if (object found = dict_get(get(self, "node_reporters"_n), key); found.is_valid()) return found;
    return make_reporter(self, key, id);
}

object finalize(Args a) {
    handle report = a[1];
    object reporter = call_method(get(a[0], "node_reporters"_n), "pop"_n, key_of(report, get(report, "id"_n)));
    for (object pair : each(get(report, "user_properties"_n))) {
        auto [name, value] = unpack<2>(pair);
        call_method(reporter, "add_property"_n, name, to_str(value));
    }
    if (is_none(reporter)) return none();
    object place = place_of(reporter);
    call_method(reporter, "finalize"_n);
    write_finished(a[0], reporter, place);
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

void make_folder(handle self) {
    object os_path = lookup("os", "path"_n);
    object folder = call_method(os_path, "dirname"_n, call_method(os_path, "abspath"_n, get(self, "logfile"_n)));
    call_kw(lookup("os", "makedirs"_n), {folder}, {{"exist_ok"_n, Py_True}});
}

object session_start(Args a) {
    handle self = a[0];
    set(self, "suite_start"_n, call_timing("_pytest.junitxml", lookup("_pytest.timing", "Instant"_n)));
    if (truth(get(self, "node_reporters_ordered"_n))) return none();
    std::string name;
    escape_xml(name, text(to_str(get(self, "suite_name"_n))), true);
    if (!is_encodable(name)) return none();
    try {
        make_folder(self);
    } catch (const nb::python_error& error) {
        if (!error.matches(PyExc_OSError)) throw;  // the end of the session tells
    }
    std::unique_ptr<JunitStream> stream = JunitStream::start(fs_text(get(self, "logfile"_n)), std::move(name));
    if (!stream) return none();
    keep_stream(self, std::move(stream));
    return none();
}

object suite_element(handle self) {
    JunitStream::Counts counts = counts_of(self);
    object start = get(self, "suite_start"_n);
    char seconds[64];
    std::snprintf(seconds, sizeof seconds, "%.3f",
                  to_double(get(call_timing("_pytest.junitxml", get(start, "elapsed"_n)), "seconds"_n)));
    object stamp = call_method(call_method(call_method(start, "as_utc"_n), "astimezone"_n), "isoformat"_n);
    auto number = [](long long count) { return str(std::to_string(count)); };
    return xml_element("testsuite"_n, {{"name", get(self, "suite_name"_n)},
                                       {"errors", number(counts.errors)},
                                       {"failures", number(counts.failures)},
                                       {"skipped", number(counts.skipped)},
                                       {"tests", number(counts.tests)},
                                       {"time", str(seconds)},
                                       {"timestamp", stamp},
                                       {"hostname", call(lookup("platform", "node"_n))}});
}

using Write = std::function<void(std::string_view)>;

void write_case(handle reporter, const Write& write) {
    std::string text;
    write_xml(text, call_method(reporter, "to_xml"_n));
    write(text);
}

bool has_cases(handle self) {
    JunitStream* stream = stream_of(self);
    if (!stream || ordered_list(self).is_valid()) return truth(get(self, "node_reporters_ordered"_n));
    return stream->size() > 0;
}

void write_cases(handle self, const Write& write) {
    JunitStream* stream = stream_of(self);
    if (!stream || ordered_list(self).is_valid()) {
        for (object reporter : each(get(self, "node_reporters_ordered"_n))) write_case(reporter, write);
        return;
    }
    object unfinished = get(self, "_unfinished"_n);
    std::size_t done = 0;
    for (object place : each(call(lookup("builtins", "sorted"_n), unfinished))) {
        auto at = static_cast<std::size_t>(to_int(place));
        stream->copy(done, at, write);
        write_case(dict_get(unfinished, place), write);
        done = at + 1;
    }
    stream->copy(done, stream->size(), write);
}

/// The document as ElementTree writes it.
void write_document(handle self, const Write& write) {
    show_waiting(self);
    object suite = suite_element(self), properties = call_method(self, "_get_global_properties_node"_n);
    if (!is_none(properties)) xml_append(suite, properties);
    // What comes behind the head of the suite, and closes it if nothing does.
    bool empty = is_none(properties) && !has_cases(self);
    std::string head = "<?xml version=\"1.0\" encoding=\"utf-8\"?><testsuites name=\"pytest tests\">",
                tail = "</testsuites>";
    write_xml(head, suite);
    if (empty) {
        write(head + tail);
        return;
    }
    constexpr std::string_view kClosed = "</testsuite>", kEmpty = " />";
    bool closed = head.ends_with(kClosed);
    head.resize(head.size() - (closed ? kClosed : kEmpty).size());
    if (!closed) head += '>';
    write(head);
    write_cases(self, write);
    write(std::string(kClosed) + tail);
}

/// Puts the document in the place of the file that was written so far. False, with nothing done, where Python has to
/// write it, or raise the error.
bool replace_file(handle self, handle path) {
    JunitStream* stream = stream_of(self);
    std::string name = fs_text(path);
    if (!stream || !stream->is_at(name) || !PyCFunction_CheckExact(lookup("builtins", "open"_n).ptr())) return false;
    std::optional<os::ReplacementFile> file = os::ReplacementFile::create(name);
    if (!file) return false;
    bool encodable = true;
    write_document(self, [&](std::string_view text) {
        encodable = encodable && is_encodable(text);
        file->write(text);
    });
    return encodable && file->commit();
}

object session_finish(Args a) {
    handle self = a[0];
    object path = get(self, "logfile"_n);
    if (replace_file(self, path)) return none();
    make_folder(self);
    std::string document;  // before the file is emptied, which has parts of it
    write_document(self, [&](std::string_view text) { document += text; });
    object file = call_kw(lookup("builtins", "open"_n), {path, "w"_n}, {{"encoding"_n, str("utf-8")}});
    with(file, [&](handle) { return call_method(file, "write"_n, str(document)); });
    return none();
}

object terminal_summary(Args a) {
    if (to_int(call_method(a[2], "get_verbosity"_n)) >= 0)
        call_method(a[1], "write_sep"_n, "-"_n, strcat("generated xml file: ", get(a[0], "logfile"_n)));
    return none();
}

object add_global_property(Args a) {
    call(lookup("_pytest.junitxml", "_check_record_param_type"_n), "name"_n, a[1]);
    append(get(a[0], "global_properties"_n), tuple_of(a[1], xml_visible(a[2])));
    return none();
}

object global_properties_node(Args a) { return junit_properties(get(a[0], "global_properties"_n)); }

}  // namespace

void define_junit_log(Module& m) {
    m.cls("LogXML")
        .def("__init__",
             "self, logfile, prefix, suite_name='pytest', logging='no', report_duration='total', family='xunit1', "
             "log_passing_tests=True",
             init)
        .prop("node_reporters", read_reporters)
        .prop("node_reporters_ordered", read_ordered)
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
    remember_junit_methods(m.get("LogXML"), m.get("_NodeReporter"));
    hooks::plays_quietly(get(m.get("LogXML"), "pytest_runtest_logreport"_n), quiet_junit);
}

}  // namespace fastest::builtin
