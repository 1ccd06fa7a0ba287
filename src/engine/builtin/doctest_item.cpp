#include "engine/builtin/doctest_item.h"
#include "engine/nodes/skip.h"

namespace fastest::builtin {
namespace {

handle item_class() { return known<"_pytest.nodes", "Item">(); }

object init(Args a) {
    handle self = a[0];
    call(get(item_class(), "__init__"_n), self, a[1], a[2]);
    set(self, "runner"_n, a[3]);
    set(self, "dtest"_n, a[4]);
    set(self, "obj"_n, Py_None);
    object manager = get(get(self, "session"_n), "_fixturemanager"_n);
    object info = call_kw(get(manager, "getfixtureinfo"_n), {}, {{"node"_n, self}, {"func"_n, Py_None}, {"cls"_n, Py_None}});
    set(self, "_fixtureinfo"_n, info);
    set(self, "fixturenames"_n, get(info, "names_closure"_n));
    call_method(self, "_initrequest"_n);
    return none();
}

object from_parent(Args a) {
    object base = get(get(item_class(), "from_parent"_n), "__func__"_n);
    return call_kw(base, {a[0]}, {{"name"_n, a[2]}, {"parent"_n, a[1]}, {"runner"_n, a[3]}, {"dtest"_n, a[4]}});
}

object init_request(Args a) {
    set(a[0], "funcargs"_n, new_dict());
    set(a[0], "_request"_n, call_kw(known<"_pytest.fixtures", "TopRequest">(), {a[0]}, {{"_ispytest"_n, Py_True}}));
    return none();
}

object setup(Args a) {
    object request = get(a[0], "_request"_n);
    call_method(request, "_fillfixtures"_n);
    object names = new_dict(), get_fixture = get(request, "getfixturevalue"_n);
    dict_set(names, "getfixture"_n, get_fixture);
    for (object pair : each(call_method(call(get_fixture, str("doctest_namespace")), "items"_n)))
        dict_set(names, item(pair, integer(0)), item(pair, integer(1)));
    call_method(get(get(a[0], "dtest"_n), "globs"_n), "update"_n, names);
    return none();
}

void skip_if_all_skipped(handle test) {
    object flag = lookup("doctest", "SKIP"_n);
    for (object example : each(get(test, "examples"_n)))
        if (!truth(call_method(get(example, "options"_n), "get"_n, flag, Py_False))) return;
    nodes::skip_from("_pytest.doctest", "_check_all_skipped", str("all tests skipped by +SKIP option"));
}

object run_test(Args a) {
    object test = get(a[0], "dtest"_n), runner = get(a[0], "runner"_n), failures = new_list();
    call(lookup("_pytest.doctest", "_check_all_skipped"_n), test);
    call_method(a[0], "_disable_output_capturing_for_darwin"_n);
    object flags = get(runner, "optionflags"_n);
    try {
        call_kw(get(runner, "run"_n), {test}, {{"out"_n, failures}});
    } catch (nb::python_error& error) {
        Handling handling(error);
        set(runner, "optionflags"_n, flags);  // doctest was left before it could restore them
        throw;
    }
    set(runner, "optionflags"_n, flags);
    if (length(failures)) raise_exception(call(global<"doctest", "MultipleDoctestFailures">(), failures));
    return none();
}

/// On macOS doctest would lose what goes to stdout.
object disable_capture(Args a) {
    if (!equal(call(lookup("platform", "system"_n)), "Darwin"_n)) return none();
    object manager = call_method(get(get(a[0], "config"_n), "pluginmanager"_n), "getplugin"_n, "capturemanager"_n);
    if (!truth(manager)) return none();
    call_kw(get(manager, "suspend_global_capture"_n), {}, {{"in_"_n, Py_True}});
    object texts = call_method(manager, "read_global_capture"_n);
    call_method(lookup("sys", "stdout"_n), "write"_n, item(texts, integer(0)));
    call_method(lookup("sys", "stderr"_n), "write"_n, item(texts, integer(1)));
    return none();
}

// --- failures -----------------------------------------------------------------------------------

object failures_of(handle exception) {
    if (is_instance(exception, lookup("doctest", "DocTestFailure"_n)) ||
        is_instance(exception, lookup("doctest", "UnexpectedException"_n)))
        return list_of(exception);
    if (is_instance(exception, global<"doctest", "MultipleDoctestFailures">())) return get(exception, "failures"_n);
    return none();
}

/// Up to ten numbered lines of the docstring, the last one with the example.
object numbered_docstring(handle test, handle example) {
    object docstring = get(test, "docstring"_n);
    if (is_none(docstring)) assertion_failed();
    object lines = call_method(docstring, "splitlines"_n, Py_False), shown = new_list();
    long long first = to_int(get(test, "lineno"_n)) + 1, at = to_int(get(example, "lineno"_n));
    auto count = static_cast<long long>(length(lines));
    for (long long i = std::max(at - 9, 0LL); i < std::min(at + 1, count); ++i) {
        object number = call_method(to_str(integer(first + i)), "zfill"_n, integer(3));
        append(shown, strcat(number, " ", item(lines, integer(i))));
    }
    return shown;
}

object example_source(handle example) {
    object shown = list_of(str("EXAMPLE LOCATION UNKNOWN, not showing all tests of that example"));
    const char* prompt = ">>>";
    for (object line : each(call_method(get(example, "source"_n), "splitlines"_n))) {
        append(shown, strcat("??? ", prompt, " ", line));
        prompt = "...";
    }
    return shown;
}

void extend(handle list, handle iterable) { call_method(list, "extend"_n, iterable); }

void add_reason(handle lines, handle failure, handle report_choice) {
    if (is_instance(failure, lookup("doctest", "DocTestFailure"_n))) {
        object checker = call(lookup("_pytest.doctest", "_get_checker"_n));
        object difference = call_method(checker, "output_difference"_n, get(failure, "example"_n), get(failure, "got"_n), report_choice);
        extend(lines, call_method(difference, "split"_n, str("\n")));
        return;
    }
    object raised = get(failure, "exc_info"_n);
    object excinfo = call_method(known<"_pytest._code.code", "ExceptionInfo">(), "from_exc_info"_n, raised);
    append(lines, strcat("UNEXPECTED EXCEPTION: ", repr_of(get(excinfo, "value"_n))));
    for (object line : each(call_ex(lookup("traceback", "format_exception"_n), to_tuple(raised))))
        append(lines, call_method(line, "strip"_n, str("\n")));
}

object shown_failure(handle self, handle failure) {
    object test = get(failure, "test"_n), example = get(failure, "example"_n);
    object first = get(test, "lineno"_n);
    object lineno = is_none(first) ? none() : integer(to_int(first) + to_int(get(example, "lineno"_n)) + 1);
    object place = call(lookup("_pytest._code.code", "ReprFileLocation"_n), get(test, "filename"_n), lineno,
                        get(type_of(failure), "__name__"_n));
    object choice = call(lookup("_pytest.doctest", "_get_report_choice"_n),
                         call_method(get(self, "config"_n), "getoption"_n, str("doctestreport")));
    object lines = is_none(lineno) ? example_source(example) : numbered_docstring(test, example);
    add_reason(lines, failure, choice);
    return tuple_of(place, lines);
}

object repr_failure(Args a) {
    object failures = failures_of(get(a[1], "value"_n));
    if (is_none(failures)) return call(get(item_class(), "repr_failure"_n), a[0], a[1]);
    object shown = new_list();
    for (object failure : each(failures)) append(shown, shown_failure(a[0], failure));
    return call(global<"doctest", "ReprFailDoctest">(), shown);
}

object report_info(Args a) {
    return tuple_of(get(a[0], "path"_n), get(get(a[0], "dtest"_n), "lineno"_n), strcat("[doctest] ", get(a[0], "name"_n)));
}

object paint_failures(Args a) {
    for (object entry : each(get(a[0], "reprlocation_lines"_n))) {
        for (object line : each(item(entry, integer(1)))) call_method(a[1], "line"_n, line);
        call_method(item(entry, integer(0)), "toterminal"_n, a[1]);
    }
    return none();
}

}  // namespace

void define_doctest_item(Module& m) {
    m.cls("ReprFailDoctest", {global<"code_terminal_repr", "TerminalRepr">()})
        .def("__init__", "self, reprlocation_lines",
             [](Args a) {
                 set(a[0], "reprlocation_lines"_n, a[1]);
                 return none();
             })
        .def("toterminal", "self, tw", paint_failures)
        .make();
    m.cls("MultipleDoctestFailures", {handle(PyExc_Exception)})
        .def("__init__", "self, failures",
             [](Args a) {
                 call(get(handle(PyExc_Exception), "__init__"_n), a[0]);
                 set(a[0], "failures"_n, a[1]);
                 return none();
             })
        .make();
    m.cls("DoctestItem", {item_class()})
        .def("__init__", "self, name, parent, runner, dtest", init)
        .classmethod("from_parent", "cls, parent, *, name, runner, dtest", from_parent, "The public named constructor.")
        .def("_initrequest", "self", init_request)
        .def("setup", "self", setup)
        .def("runtest", "self", run_test)
        .def("_disable_output_capturing_for_darwin", "self", disable_capture)
        .def("repr_failure", "self, excinfo", repr_failure)
        .def("reportinfo", "self", report_info)
        .make();
    m.def("_check_all_skipped", "test", [](Args a) {
        skip_if_all_skipped(a[0]);
        return none();
    });
}

}  // namespace fastest::builtin
