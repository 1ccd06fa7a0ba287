#include "engine/builtin/junit_testcase.h"

namespace fastest::builtin {
namespace {

object init(Args a) {
    handle self = a[0], xml = a[2];
    object data = dict_of(self);
    dict_set(data, "id"_n, a[1]);
    dict_set(data, "xml"_n, xml);
    dict_set(data, "add_stats"_n, get(xml, "add_stats"_n));
    dict_set(data, "family"_n, get(xml, "family"_n));
    dict_set(data, "duration"_n, real(0.0));
    dict_set(data, "properties"_n, new_list());
    dict_set(data, "nodes"_n, new_list());
    dict_set(data, "attrs"_n, new_dict());
    return none();
}

void add_node(handle self, handle node) { call_method(self, "append"_n, node); }

object append_node(Args a) {
    call_method(get(a[0], "xml"_n), "add_stats"_n, get(a[1], "tag"_n));
    append(get(a[0], "nodes"_n), a[1]);
    return none();
}

object add_property(Args a) {
    append(get(a[0], "properties"_n), tuple_of(to_str(a[1]), xml_visible(a[2])));
    return none();
}

object add_attribute(Args a) {
    set_item(get(a[0], "attrs"_n), to_str(a[1]), xml_visible(a[2]));
    return none();
}

object properties_node(Args a) { return junit_properties(get(a[0], "properties"_n)); }

/// The attributes that the family has for a testcase.
bool in_xunit2(handle name) { return equal(name, "classname"_n) || equal(name, "name"_n); }

object record_report(Args a) {
    handle self = a[0], report = a[1];
    object names = to_list(call(lookup("_pytest.junitxml", "mangle_test_address"_n), get(report, "nodeid"_n)));
    object prefix = get(get(self, "xml"_n), "prefix"_n), location = get(report, "location"_n);
    if (is_none(location)) assertion_failed();
    object name = call_method(names, "pop"_n);
    if (truth(prefix)) call_method(names, "insert"_n, integer(0), prefix);
    object attrs = new_dict();
    dict_set(attrs, "classname"_n, call_method("."_n, "join"_n, names));
    dict_set(attrs, "name"_n, xml_visible(name));
    dict_set(attrs, "file"_n, item(location, integer(0)));
    object line = item(location, integer(1));
    if (!is_none(line)) dict_set(attrs, "line"_n, to_str(line));
    if (object url = try_get(report, "url"_n); url.is_valid()) dict_set(attrs, "url"_n, url);
    check(PyDict_Update(attrs.ptr(), get(self, "attrs"_n).ptr()));
    if (!equal(get(self, "family"_n), "xunit1"_n))
        for (object key : each(to_list(attrs)))
            if (!in_xunit2(key)) dict_remove(attrs, key);
    set(self, "attrs"_n, attrs);
    return none();
}

object to_xml(Args a) {
    object node = xml_element("testcase"_n), attributes = get(node, "attrib"_n);
    check(PyDict_Update(attributes.ptr(), get(a[0], "attrs"_n).ptr()));
    char seconds[64];
    std::snprintf(seconds, sizeof seconds, "%.3f", to_double(get(a[0], "duration"_n)));
    dict_set(attributes, "time"_n, str(seconds));
    object properties = call_method(a[0], "make_properties_node"_n);
    if (!is_none(properties)) xml_append(node, properties);
    for (object child : each(get(a[0], "nodes"_n))) xml_append(node, child);
    return node;
}

/// From now on only the finished element is kept.
object finalize(Args a) {
    object element = call_method(a[0], "to_xml"_n), data = dict_of(a[0]);
    PyDict_Clear(data.ptr());
    dict_set(data, "to_xml"_n, make_function("to_xml", "", [](Args b) { return borrow(b.closure()); }, element));
    return none();
}

object add_simple(Args a) {
    object node = xml_element(a[1], {{"message", a[2]}});
    set(node, "text"_n, xml_visible(a[3]));
    add_node(a[0], node);
    return none();
}

// --- captured output ----------------------------------------------------------------------------

object prepare_content(Args a) {
    return strcat(call_method(a[2], "center"_n, integer(80), "-"_n), "\n", a[1], "\n");
}

object write_content(Args a) {
    object node = xml_element(a[3]);
    set(node, "text"_n, xml_visible(a[2]));
    add_node(a[0], node);
    return none();
}

object write_captured(Args a) {
    handle self = a[0], report = a[1];
    object xml = get(self, "xml"_n);
    if (!truth(get(xml, "log_passing_tests"_n)) && truth(get(report, "passed"_n))) return none();
    std::string logging = text(get(xml, "logging"_n));
    if (logging == "no") return none();
    bool all = logging == "all", both = all || logging == "out-err";
    auto prepared = [&](handle content, const char* header) {
        return call_method(self, "_prepare_content"_n, content, str(header));
    };
    auto write = [&](handle content, const char* tag) { call_method(self, "_write_content"_n, report, content, str(tag)); };
    object log = all || logging == "log" ? prepared(get(report, "caplog"_n), " Captured Log ") : str("");
    if (both || logging == "system-out") {
        write(strcat(log, prepared(get(report, "capstdout"_n), " Captured Out ")), "system-out");
        log = str("");
    }
    if (both || logging == "system-err") {
        write(strcat(log, prepared(get(report, "capstderr"_n), " Captured Err ")), "system-err");
        log = str("");
    }
    if (truth(log)) write(log, "system-out");
    return none();
}

// --- outcomes -----------------------------------------------------------------------------------

void add_element(handle self, const char* tag, handle message, handle data) {
    call_method(self, "_add_simple"_n, str(tag), message, data);
}

/// The longrepr's text and, shorter, the message of its crash.
struct Failure {
    object message, whole;
};

Failure failure_of(handle report) {
    object longrepr = get(report, "longrepr"_n);
    if (is_none(longrepr)) assertion_failed();
    object crash = get_or(longrepr, "reprcrash"_n, Py_None), whole = to_str(longrepr);
    return {is_none(crash) ? whole : get(crash, "message"_n), whole};
}

object short_message(handle message) {
    return xml_visible(call(lookup("_pytest.junitxml", "shorten_message"_n), message));
}

object append_failure(Args a) {
    if (has(a[1], "wasxfail"_n)) {
        call_method(a[0], "_add_simple"_n, "skipped"_n, str("xfail-marked test passes unexpectedly"));
        return none();
    }
    Failure failure = failure_of(a[1]);
    add_element(a[0], "failure", short_message(failure.message), failure.whole);
    return none();
}

object append_error(Args a) {
    Failure failure = failure_of(a[1]);
    bool teardown = equal(get(a[1], "when"_n), "teardown"_n);
    object message = strcat("failed on ", teardown ? "teardown" : "setup", " with \"", failure.message, "\"");
    add_element(a[0], "error", short_message(message), failure.whole);
    return none();
}

object append_collect_error(Args a) {
    if (is_none(get(a[1], "longrepr"_n))) assertion_failed();
    add_element(a[0], "error", str("collection failure"), to_str(get(a[1], "longrepr"_n)));
    return none();
}

object append_collect_skipped(Args a) {
    add_element(a[0], "skipped", str("collection skipped"), to_str(get(a[1], "longrepr"_n)));
    return none();
}

object append_skipped(Args a) {
    handle self = a[0], report = a[1];
    if (object reason = try_get(report, "wasxfail"_n); reason.is_valid()) {
        reason = xml_visible(call_method(reason, "removeprefix"_n, str("reason: ")));
        add_node(self, xml_element("skipped"_n, {{"type", "pytest.xfail"_n}, {"message", reason}}));
        return none();
    }
    object longrepr = get(report, "longrepr"_n);
    if (!PyTuple_Check(longrepr.ptr())) assertion_failed();
    object reason = call_method(item(longrepr, integer(2)), "removeprefix"_n, str("Skipped: "));
    object node = xml_element("skipped"_n, {{"type", "pytest.skip"_n}, {"message", xml_visible(reason)}});
    set(node, "text"_n, xml_visible(strcat(item(longrepr, integer(0)), ":", item(longrepr, integer(1)), ": ", reason)));
    add_node(self, node);
    call_method(self, "write_captured_output"_n, report);
    return none();
}

}  // namespace

object junit_properties(handle pairs) {
    if (!truth(pairs)) return none();
    object node = xml_element("properties"_n);
    for (object pair : each(pairs))
        xml_append(node,
                   xml_element("property"_n, {{"name", item(pair, integer(0))}, {"value", item(pair, integer(1))}}));
    return node;
}

object mangled_address(handle address) {
    object id = call_method(known<"_pytest.nodeid", "NodeId">(), "parse"_n, address);
    object path = call_method(get(id, "path"_n), "replace"_n, "/"_n, "."_n);
    object names = list_of(call_method(path, "removesuffix"_n, ".py"_n));
    for (object name : each(get(id, "names"_n))) append(names, name);
    object params = get(id, "params"_n);
    if (!is_none(params)) append(names, strcat(call_method(names, "pop"_n), "[", params, "]"));
    return names;
}

void define_junit_testcase(Module& m) {
    m.cls("_NodeReporter")
        .def("__init__", "self, node_id, xml", init)
        .def("append", "self, node", append_node)
        .def("add_property", "self, name, value", add_property)
        .def("add_attribute", "self, name, value", add_attribute)
        .def("make_properties_node", "self", properties_node)
        .def("record_testreport", "self, testreport", record_report)
        .def("to_xml", "self", to_xml)
        .def("_add_simple", "self, tag, message, data=None", add_simple)
        .def("write_captured_output", "self, report", write_captured)
        .def("_prepare_content", "self, content, header", prepare_content)
        .def("_write_content", "self, report, content, jheader", write_content)
        .def("append_pass", "self, report",
             [](Args a) {
                 call(get(a[0], "add_stats"_n), "passed"_n);
                 return none();
             })
        .def("append_failure", "self, report", append_failure)
        .def("append_collect_error", "self, report", append_collect_error)
        .def("append_collect_skipped", "self, report", append_collect_skipped)
        .def("append_error", "self, report", append_error)
        .def("append_skipped", "self, report", append_skipped)
        .def("finalize", "self", finalize)
        .make();
    m.def("mangle_test_address", "address", [](Args a) { return mangled_address(a[0]); });
}

}  // namespace fastest::builtin
