// --sw: stop at the first failure, and go on from there in the next run.

#include "engine/builtin/cache.h"

namespace fastest::builtin {
namespace {

using namespace py;

object own(handle name) { return facade("_pytest.stepwise", name); }
object datetime() { return lookup("datetime", "datetime"_n); }
object now_text() { return call_method(call_method(datetime(), "now"_n), "isoformat"_n); }
void note(handle self, const std::string& text) { append(get(self, "report_status"_n), str(text)); }
object option(handle config, const char* name) { return call_method(config, "getoption"_n, str(name)); }

// --- StepwisePlugin ---------------------------------------------------------------------------

object init_plugin(Args a) {
    handle self = a[0], config = a[1];
    set(self, "config"_n, config);
    set(self, "session"_n, Py_None);
    set(self, "report_status"_n, new_list());
    set(self, "cache"_n, get(config, "cache"_n));
    set(self, "skip"_n, option(config, "stepwise_skip"));
    set(self, "reset"_n, option(config, "stepwise_reset"));
    set(self, "cached_info"_n, call_method(self, "_load_cached_info"_n));
    return none();
}

object read_info(handle cached) {
    object failed = item(cached, str("last_failed"));
    if (!is_none(failed)) failed = truth(failed) ? parse_node_id(failed) : none();
    object count = item(cached, str("last_test_count"));
    return call(own("StepwiseCacheInfo"_n), failed, count, item(cached, str("last_cache_date_str")));
}

object load_info(Args a) {
    object cached = call_method(get(a[0], "cache"_n), "get"_n, own("STEPWISE_CACHE_DIR"_n), Py_None);
    if (truth(cached)) {
        try {
            return read_info(cached);
        } catch (nb::python_error& error) {
            if (!error.matches(PyExc_KeyError) && !error.matches(PyExc_TypeError)) throw;
            handle type(type_of(error.value()));
            note(a[0], cat("error reading cache, discarding (", get(type, "__name__"_n), ": ", error.value(), ")"));
        }
    }
    return call_method(own("StepwiseCacheInfo"_n), "empty"_n);
}

/// Where the last failed test is; -1 when it is not there.
Py_ssize_t find_failed(handle items, handle failed) {
    Py_ssize_t place = 0;
    for (object test : each(items)) {
        if (equal(get(test, "id"_n), failed)) return place;
        ++place;
    }
    return -1;
}

void skip_passed(handle self, handle config, handle items, handle info, Py_ssize_t count) {
    object age = check(PyNumber_Subtract(call_method(datetime(), "now"_n).ptr(), get(info, "last_cache_date"_n).ptr()));
    auto seconds = static_cast<long long>(to_double(call_method(age, "total_seconds"_n)));
    object shown = call_kw(lookup("datetime", "timedelta"_n), {}, {{"seconds"_n, integer(seconds)}});
    note(self, cat("skipping ", count, " already passed items (cache from ", shown, " ago, use --sw-reset to discard)."));
    object passed = check(PySequence_GetSlice(items.ptr(), 0, count));
    check(PySequence_DelSlice(items.ptr(), 0, count));
    call_named<"items">(get(get(config, "hook"_n), "pytest_deselected"_n), passed);
}

object modify_items(Args a) {
    handle self = a[0], items = a[2];
    object info = get(self, "cached_info"_n);
    object previous = get(info, "last_test_count"_n), count = integer(length(items));
    set(info, "last_test_count"_n, count);
    if (truth(get(self, "reset"_n))) {
        note(self, "resetting state, not skipping.");
        set(info, "last_failed"_n, Py_None);
        return none();
    }
    object failed = get(info, "last_failed"_n);
    if (!truth(failed)) {
        note(self, "no previously failed tests, not skipping.");
        return none();
    }
    if (!is_none(previous) && !equal(previous, count)) {
        note(self, cat("test count changed, not skipping (now ", count, " tests, previously ", previous, ")."));
        set(info, "last_failed"_n, Py_None);
        return none();
    }
    Py_ssize_t place = find_failed(items, failed);
    if (place < 0) note(self, "previously failed test not found, not skipping.");
    else skip_passed(self, a[1], items, info, place);
    return none();
}

object logreport(Args a) {
    handle self = a[0], report = a[1];
    object info = get(self, "cached_info"_n), id = get(report, "id"_n);
    bool was_failed = equal(id, get(info, "last_failed"_n));
    if (truth(get(report, "failed"_n))) {
        if (!truth(get(self, "skip"_n))) {
            set(info, "last_failed"_n, id);
            set(get(self, "session"_n), "shouldstop"_n, str("Test failed, continuing from this test next run."));
            return none();
        }
        if (was_failed) set(info, "last_failed"_n, Py_None);
        set(self, "skip"_n, Py_False);
    } else if (was_failed && equal(get(report, "when"_n), "call"_n)) {
        set(info, "last_failed"_n, Py_None);
    }
    return none();
}

object collection_finish(Args a) {
    object notes = get(a[0], "report_status"_n);
    if (to_int(call_method(get(a[0], "config"_n), "get_verbosity"_n)) < 0 || !truth(notes)) return none();
    object lines = new_list();
    for (object text : each(notes)) append(lines, strcat("stepwise: ", text));
    return lines;
}

object session_finish(Args a) {
    if (has(get(a[0], "config"_n), "workerinput"_n)) return none();
    object info = get(a[0], "cached_info"_n);
    call_method(info, "update_date_to_now"_n);
    object failed = get(info, "last_failed"_n), value = new_dict();
    dict_set(value, str("last_failed"), is_none(failed) ? failed : to_str(failed));
    dict_set(value, str("last_test_count"), get(info, "last_test_count"_n));
    dict_set(value, str("last_cache_date_str"), get(info, "last_cache_date_str"_n));
    call_method(get(a[0], "cache"_n), "set"_n, own("STEPWISE_CACHE_DIR"_n), value);
    return none();
}

// --- hooks ------------------------------------------------------------------------------------

void add_flag(handle group, const char* shorter, const char* longer, const char* dest, const char* help) {
    call_method_kw(group, "addoption"_n, {str(shorter), str(longer)},
                   {{"action"_n, str("store_true")}, {"default"_n, Py_False}, {"dest"_n, str(dest)}, {"help"_n, str(help)}});
}

object add_options(Args a) {
    object group = call_method(a[0], "getgroup"_n, str("general"));
    add_flag(group, "--sw", "--stepwise", "stepwise",
             "Exit on test failure and continue from last failing test next time");
    add_flag(group, "--sw-skip", "--stepwise-skip", "stepwise_skip",
             "Ignore the first failing test but stop on the next failing test. Implicitly enables --stepwise.");
    add_flag(group, "--sw-reset", "--stepwise-reset", "stepwise_reset",
             "Resets stepwise state, restarting the stepwise workflow. Implicitly enables --stepwise.");
    return none();
}

object configure(Args a) {
    object options = get(a[0], "option"_n);
    if (truth(get(options, "stepwise_skip"_n)) || truth(get(options, "stepwise_reset"_n)))
        set(options, "stepwise"_n, Py_True);
    if (truth(option(a[0], "stepwise")))
        call_method(get(a[0], "pluginmanager"_n), "register"_n, call(own("StepwisePlugin"_n), a[0]), str("stepwiseplugin"));
    return none();
}

void define_info(Module& m) {
    m.cls("StepwiseCacheInfo")
        .dataclass("last_failed, last_test_count, last_cache_date_str")
        .doc("What --sw remembers between runs.")
        .prop("last_cache_date",
              [](Args a) { return call_method(datetime(), "fromisoformat"_n, get(a[0], "last_cache_date_str"_n)); })
        .classmethod("empty", "cls",
                     [](Args a) {
                         return call_named<"last_failed", "last_test_count", "last_cache_date_str">(a[0], Py_None, Py_None,
                                                                                                    now_text());
                     })
        .def("update_date_to_now", "self",
             [](Args a) {
                 set(a[0], "last_cache_date_str"_n, now_text());
                 return none();
             })
        .make();
}

void define_plugin(Module& m) {
    m.cls("StepwisePlugin")
        .def("__init__", "self, config", init_plugin)
        .def("_load_cached_info", "self", load_info)
        .def("pytest_sessionstart", "self, session",
             [](Args a) {
                 set(a[0], "session"_n, a[1]);
                 return none();
             })
        .def("pytest_collection_modifyitems", "self, config, items", modify_items)
        .def("pytest_runtest_logreport", "self, report", logreport)
        .def("pytest_report_collectionfinish", "self", collection_finish)
        .def("pytest_sessionfinish", "self", session_finish)
        .make();
}

FASTEST_MODULE(stepwise, "_pytest.stepwise") {
    m.attr("STEPWISE_CACHE_DIR", str("cache/stepwise"));
    m.later({"StepwiseCacheInfo"}, define_info);
    m.later({"StepwisePlugin"}, define_plugin);
    m.def("pytest_addoption", "parser", add_options);
    m.def("pytest_configure", "config", configure);
    m.def("pytest_sessionfinish", "session", [](Args) { return none(); });
}

}  // namespace
}  // namespace fastest::builtin
