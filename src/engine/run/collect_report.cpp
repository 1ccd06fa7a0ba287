#include "engine/run/collect_report.h"

#include "engine/run/call_info.h"

namespace fastest::run {
namespace {

bool is_skip(handle exception) {
    return is_instance(exception, known<"_pytest.outcomes", "Skipped">()) ||
           is_instance_if_imported(exception, "unittest", "SkipTest"_n);
}

void load_conftests(handle directory) {
    object config = get(directory, "config"_n);
    call_kw(get(get(config, "pluginmanager"_n), "_loadconftestmodules"_n),
            {get(directory, "path"_n), call_method(config, "getoption"_n, "importmode"_n)},
            {{"rootpath"_n, get(config, "rootpath"_n)},
             {"consider_namespace_packages"_n, call_method(config, "getini"_n, "consider_namespace_packages"_n)}});
}

object skip_place(handle collector, handle excinfo) {
    object shown = call_method(collector, "_repr_failure_py"_n, excinfo, "line"_n);
    object crash = try_get(shown, "reprcrash"_n);
    if (!crash.is_valid()) assertion_failed(text_of(repr_of(shown)));
    if (is_none(crash)) {
        object message = call_kw(get(excinfo, "exconly"_n), {}, {{"tryshort"_n, Py_True}});
        return tuple_of(to_str(get(collector, "path"_n)), integer(1), message);
    }
    return tuple_of(to_str(get(crash, "path"_n)), get(crash, "lineno"_n), get(crash, "message"_n));
}

object failure_repr(handle collector, handle excinfo) {
    object shown = call_method(collector, "repr_failure"_n, excinfo);
    if (has(shown, "toterminal"_n)) return shown;
    if (!is_str(shown)) assertion_failed();
    return call(global<"reports", "CollectErrorRepr">(), shown);
}

object make_collect_report(Args a) {
    handle collector = a[0];
    object reraise = tuple_of(handle(PyExc_KeyboardInterrupt), handle(PyExc_SystemExit));
    object info = timed_call(global<"runner", "CallInfo">(), "collect"_n, reraise, [&] {
        if (is_instance(collector, known<"_pytest.nodes", "Directory">())) load_conftests(collector);
        return to_list(call_method(collector, "collect"_n));
    });
    object excinfo = get(info, "excinfo"_n), longrepr = none(), result = none();
    handle outcome = "passed"_n;
    if (!truth(excinfo)) {
        result = get(info, "result"_n);
    } else if (is_skip(get(excinfo, "value"_n))) {
        outcome = "skipped"_n;
        longrepr = skip_place(collector, excinfo);
    } else {
        outcome = "failed"_n;
        longrepr = failure_repr(collector, excinfo);
    }
    object report = call(lookup("_pytest.reports", "CollectReport"_n), get(collector, "id"_n), outcome, longrepr, result);
    set(report, "call"_n, info);
    return report;
}

object collect_one_node(Args a) {
    handle collector = a[0];
    object hooks = get(collector, "ihook"_n);
    call_named<"collector">(get(hooks, "pytest_collectstart"_n), collector);
    object report = call_named<"collector">(get(hooks, "pytest_make_collect_report"_n), collector);
    object info = call_method(get(report, "__dict__"_n), "pop"_n, "call"_n, Py_None);
    if (truth(info) && is_interactive(info, report))
        call_named<"node", "call", "report">(get(hooks, "pytest_exception_interact"_n), collector, info, report);
    return report;
}

}  // namespace

bool is_interactive(handle call_info, handle report) {
    object excinfo = get(call_info, "excinfo"_n);
    if (is_none(excinfo) || has(report, "wasxfail"_n)) return false;
    object exception = get(excinfo, "value"_n);
    return !is_skip(exception) && !is_instance_if_imported(exception, "bdb", "BdbQuit"_n);
}

void define_collect_report(Module& m) {
    m.def("pytest_make_collect_report", "collector", make_collect_report);
    m.def("collect_one_node", "collector", collect_one_node);
}

}  // namespace fastest::run
