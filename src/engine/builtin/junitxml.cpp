// `_pytest.junitxml`: options, fixtures and texts of the JUnit file.

#include "engine/builtin/junit_log.h"
#include "engine/builtin/junit_testcase.h"
#include "engine/py/functools.h"
#include "engine/py/ini_choices.h"

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

object check_param_type(Args a) {
    if (!is_str(a[1]))
        raise(PyExc_TypeError,
              cat(a[0], " parameter needs to be a string, but ", get(type_of(a[1]), "__name__"_n), " given"));
    return none();
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

/// What a fixture gives: a function that is defined in it.
object function_of(const char* fixture, const char* name, const char* signature, Body body, handle closure = handle()) {
    auto spec = std::make_shared<const FunctionSpec>(name, Signature(signature), body, nullptr, std::string());
    return make_function(std::move(spec), closure, "_pytest.junitxml", cat(fixture, ".<locals>.", name));
}

object property_recorder(Args a) {
    call(lookup("_pytest.junitxml", "_warn_incompatibility_with_xunit2"_n), a[0], "record_property"_n);
    return function_of(
        "record_property", "append_property", "name, value",
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
    return function_of("record_xml_attribute", "add_attr_noop", "name, value", [](Args) { return none(); });
}

object suite_property_recorder(Args a) {
    object xml = log_of(get(a[0], "config"_n));
    if (!is_none(xml)) return get(xml, "add_global_property"_n);
    return function_of("record_testsuite_property", "record_func", "name, value", [](Args b) {
        return call(lookup("_pytest.junitxml", "_check_record_param_type"_n), "name"_n, b[0]);
    });
}

// --- options ------------------------------------------------------------------------------------

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
              ini_choices(a[0], {"no", "log", "system-out", "system-err", "out-err", "all"}), "no"_n);
    add_typed("junit_log_passing_tests", "Capture log information for passing tests to JUnit report: ", "bool"_n,
              Py_True);
    add_typed("junit_duration_report", "Duration time to report", ini_choices(a[0], {"total", "call"}), "total"_n);
    add_typed("junit_family", "Emit XML for schema", ini_choices(a[0], {"legacy", "xunit1", "xunit2"}), "xunit2"_n);
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

}  // namespace
}  // namespace fastest::builtin

FASTEST_MODULE(junitxml, "_pytest.junitxml") {
    using namespace fastest::builtin;
    m.attr("xml_key", call(known<"_pytest.stash", "StashKey">()));
    m.later({"_Element"}, define_xml_element);
    m.later({"_NodeReporter", "mangle_test_address"}, define_junit_testcase);
    m.later({"LogXML"}, define_junit_log);
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
