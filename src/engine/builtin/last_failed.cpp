// --lf and --ff.

#include "engine/builtin/cache.h"
#include "engine/hooks/quiet.h"

namespace fastest::builtin {

using namespace py;

namespace {

object own(handle name) { return facade("_pytest.cacheprovider", name); }
bool is_node(handle node, const char* module, handle name) { return is_instance(node, facade(module, name)); }
bool has_outcome(handle report, handle name) { return truth(get(report, name)); }

void forget(handle failed, handle id) { call_method(failed, "pop"_n, id, Py_None); }

// --- LFPlugin ---------------------------------------------------------------------------------

object init_plugin(Args a) {
    handle self = a[0], config = a[1];
    bool only_failed = truth(call_method(config, "getoption"_n, str("lf")));
    set(self, "config"_n, config);
    set(self, "active"_n,
        boolean(only_failed || truth(call_method(config, "getoption"_n, str("failedfirst")))));
    object failed = new_dict();
    object cached = call_method(get(config, "cache"_n), "get"_n, str("cache/lastfailed"), new_dict());
    for (object pair : each(call_method(cached, "items"_n)))
        dict_set(failed, parse_node_id(item(pair, integer(0))), item(pair, integer(1)));
    set(self, "lastfailed"_n, failed);
    set(self, "_previously_failed_count"_n, Py_None);
    set(self, "_report_status"_n, Py_None);
    set(self, "_skipped_files"_n, integer(0));
    if (!only_failed) return none();
    set(self, "_last_failed_paths"_n, call_method(self, "get_last_failed_paths"_n));
    call_method(get(config, "pluginmanager"_n), "register"_n, call(own("LFPluginCollWrapper"_n), self),
                str("lfplugin-collwrapper"));
    return none();
}

/// Existing files of failed tests, and all directories above them.
object last_failed_paths(Args a) {
    object root = get(get(a[0], "config"_n), "rootpath"_n), all = check(PySet_New(nullptr));
    for (object id : each(get(a[0], "lastfailed"_n))) {
        object path = call_method(root, "joinpath"_n, get(id, "path"_n));
        check(PySet_Add(all.ptr(), path.ptr()));
        call_method(all, "update"_n, get(path, "parents"_n));
    }
    object existing = check(PySet_New(nullptr));
    for (object path : each(all))
        if (truth(call_method(path, "exists"_n))) check(PySet_Add(existing.ptr(), path.ptr()));
    return existing;
}

object report_collectionfinish(Args a) {
    if (!truth(get(a[0], "active"_n)) || to_int(call_method(get(a[0], "config"_n), "get_verbosity"_n)) < 0) return none();
    return strcat("run-last-failure: ", get(a[0], "_report_status"_n));
}

object logreport(Args a) {
    handle report = a[1];
    object failed = get(a[0], "lastfailed"_n);
    bool call_passed = equal(get(report, "when"_n), "call"_n) && has_outcome(report, "passed"_n);
    if (call_passed || has_outcome(report, "skipped"_n)) forget(failed, get(report, "id"_n));
    else if (has_outcome(report, "failed"_n)) set_item(failed, get(report, "id"_n), Py_True);
    return none();
}

class QuietLastFailed final : public hooks::QuietPart {
public:
    explicit QuietLastFailed(handle plugin) : plugin_(plugin) {}
    void passed(const hooks::PhasePassed& event) override {
        if (event.phase != hooks::Phase::kCall) return;
        object failed = get(plugin_, "lastfailed"_n);
        if (length(failed)) forget(failed, get(event.item, "id"_n));
    }

private:
    handle plugin_;
};

std::unique_ptr<hooks::QuietPart> quiet_last_failed(handle plugin, hooks::QuietRun&) {
    return std::make_unique<QuietLastFailed>(plugin);
}

object collectreport(Args a) {
    object failed = get(a[0], "lastfailed"_n), id = get(a[1], "id"_n);
    std::string outcome = text(get(a[1], "outcome"_n));
    if (outcome != "passed" && outcome != "skipped") {
        set_item(failed, id, Py_True);
    } else if (contains(failed, id)) {
        forget(failed, id);
        for (object node : each(get(a[1], "result"_n))) set_item(failed, get(node, "id"_n), Py_True);
    }
    return none();
}

void replace_items(handle items, handle chosen) { check(PySequence_SetSlice(items.ptr(), 0, length(items), chosen.ptr())); }

void deselect(handle config, handle items) {
    call_named<"items">(get(get(config, "hook"_n), "pytest_deselected"_n), items);
}

std::string select_failed(handle self, handle config, handle items) {
    object failed_ids = get(self, "lastfailed"_n), failed = new_list(), passed = new_list();
    for (object test : each(items)) append(contains(failed_ids, get(test, "id"_n)) ? failed : passed, test);
    Py_ssize_t count = length(failed);
    set(self, "_previously_failed_count"_n, integer(count));
    if (count == 0) return cat(length(failed_ids), " known failures not in selected tests");
    if (truth(call_method(config, "getoption"_n, str("lf")))) {
        replace_items(items, failed);
        deselect(config, passed);
    } else {
        object ordered = to_list(failed);
        call_method(ordered, "extend"_n, passed);
        replace_items(items, ordered);
    }
    bool first = truth(call_method(config, "getoption"_n, str("failedfirst")));
    return cat("rerun previous ", count, count == 1 ? " failure" : " failures", first ? " first" : "");
}

std::string without_failures(handle config, handle items) {
    std::string status = "no previously failed tests, ";
    if (text_of(call_method(config, "getoption"_n, str("last_failed_no_failures"))) != "none")
        return status + "not deselecting items.";
    deselect(config, to_list(items));
    replace_items(items, new_list());
    return status + "deselecting all items.";
}

Generator modify_items(OwnedArgs a) {
    object result = co_yield none();
    handle self = a[0], config = a[1], items = a[2];
    if (!truth(get(self, "active"_n))) co_return result;
    bool known = truth(get(self, "lastfailed"_n));
    std::string status = known ? select_failed(self, config, items) : without_failures(config, items);
    if (long long skipped = to_int(get(self, "_skipped_files"_n)); known && skipped > 0)
        status += cat(" (skipped ", skipped, skipped == 1 ? " file" : " files", ")");
    set(self, "_report_status"_n, str(status));
    co_return result;
}

object session_finish(Args a) {
    object config = get(a[0], "config"_n);
    if (!writes_cache(config)) return none();
    object saved = call_method(get(config, "cache"_n), "get"_n, str("cache/lastfailed"), new_dict());
    object current = new_dict();
    for (object pair : each(call_method(get(a[0], "lastfailed"_n), "items"_n)))
        dict_set(current, to_str(item(pair, integer(0))), item(pair, integer(1)));
    if (!equal(saved, current)) store(config, "cache/lastfailed", current, a[0], "_write_lastfailed"_n);
    return none();
}

// --- skipping files without failures ----------------------------------------------------------

object sorted_by_membership(handle nodes, handle paths) {
    object first = new_list(), rest = new_list();
    for (object node : each(nodes)) append(contains(paths, get(node, "path"_n)) ? first : rest, node);
    call_method(first, "extend"_n, rest);
    return first;
}

/// Leaves the failed tests of a file, what was asked for by name, and collectors.
void keep_failed(handle self, handle plugin, handle collector, handle result) {
    object failed = get(plugin, "lastfailed"_n);
    if (!truth(get(self, "_collected_at_least_one_failure"_n))) {
        bool any = false;
        for (object node : each(result)) any = any || contains(failed, get(node, "id"_n));
        if (!any) return;
        call_method(get(get(plugin, "config"_n), "pluginmanager"_n), "register"_n,
                    call(own("LFPluginCollSkipfiles"_n), plugin), str("lfplugin-collskip"));
        set(self, "_collected_at_least_one_failure"_n, Py_True);
    }
    object session = get(collector, "session"_n), kept = new_list();
    for (object node : each(result))
        if (contains(failed, get(node, "id"_n)) || truth(call_method(session, "isinitpath"_n, get(node, "path"_n))) ||
            is_node(node, "_pytest.nodes", "Collector"_n))
            append(kept, node);
    replace_items(result, kept);
}

Generator wrap_collect(OwnedArgs a) {
    object report = co_yield none();
    handle self = a[0], collector = a[1];
    object plugin = get(self, "lfplugin"_n);
    object paths = get(plugin, "_last_failed_paths"_n);
    if (is_node(collector, "_pytest.main", "Session"_n) || is_node(collector, "_pytest.nodes", "Directory"_n))
        set(report, "result"_n, sorted_by_membership(get(report, "result"_n), paths));
    else if (is_node(collector, "_pytest.nodes", "File"_n) && contains(paths, get(collector, "path"_n)))
        keep_failed(self, plugin, collector, get(report, "result"_n));
    co_return report;
}

object skip_file(Args a) {
    if (!is_node(a[1], "_pytest.nodes", "File"_n)) return none();
    object plugin = get(a[0], "lfplugin"_n);
    if (contains(get(plugin, "_last_failed_paths"_n), get(a[1], "path"_n))) return none();
    set(plugin, "_skipped_files"_n, integer(to_int(get(plugin, "_skipped_files"_n)) + 1));
    return call_kw(facade("_pytest.reports", "CollectReport"_n), {get(a[1], "id"_n), str("passed")},
                   {{"longrepr"_n, Py_None}, {"result"_n, new_list()}});
}

object init_with_plugin(Args a) {
    set(a[0], "lfplugin"_n, a[1]);
    return none();
}

}  // namespace

void define_last_failed(Module& m) {
    m.cls("LFPluginCollWrapper")
        .def("__init__", "self, lfplugin",
             [](Args a) {
                 set(a[0], "_collected_at_least_one_failure"_n, Py_False);
                 return init_with_plugin(a);
             })
        .wrapper("pytest_make_collect_report", "self, collector", wrap_collect)
        .make();
    m.cls("LFPluginCollSkipfiles")
        .def("__init__", "self, lfplugin", init_with_plugin)
        .hook("pytest_make_collect_report", "self, collector", skip_file)
        .make();
    m.cls("LFPlugin")
        .doc("Plugin of the --lf (run last-failing) option.")
        .def("__init__", "self, config", init_plugin)
        .def("get_last_failed_paths", "self", last_failed_paths)
        .def("pytest_report_collectionfinish", "self", report_collectionfinish)
        .def("pytest_runtest_logreport", "self, report", logreport)
        .def("pytest_collectreport", "self, report", collectreport)
        .wrapper("pytest_collection_modifyitems", "self, config, items", modify_items, {.tryfirst = true})
        .def("pytest_sessionfinish", "self, session", session_finish)
        .make();
    hooks::plays_quietly(get(m.get("LFPlugin"), "pytest_runtest_logreport"_n), quiet_last_failed);
}

}  // namespace fastest::builtin
