// `Session`: the root of the collection tree and what the run knows of its progress.

#include "engine/collect/session.h"

#include "engine/collect/genitems.h"

#include "engine/hooks/quiet.h"
#include "engine/nodes/nodeid.h"
#include "engine/nodes/ours.h"
#include "engine/py/pathlib_path.h"
#include "engine/py/short_cut.h"
#include "os/files.h"

namespace fastest::collect {
namespace {

using py::Args;

py::OwnMethod g_isinitpath;  // constant: the engine's own method

object empty_frozenset() { return py::check(PyFrozenSet_New(nullptr)); }

object init(Args a) {
    handle self = a[0], config = a[1];
    object base = py::new_dict();
    py::dict_set(base, "name"_n, py::str(""));
    py::dict_set(base, "path"_n, py::get(config, "rootpath"_n));
    py::dict_set(base, "fspath"_n, Py_None);
    py::dict_set(base, "parent"_n, Py_None);
    py::dict_set(base, "config"_n, config);
    py::dict_set(base, "session"_n, self);
    py::dict_set(base, "nodeid"_n, nodes::make_nodeid(py::str(""), py::tuple_of(), Py_None));
    nodes::call_super(py::global<"main", "Session">(), self, "__init__"_n, py::tuple_of(), base);
    py::set(self, "testsfailed"_n, py::integer(0));
    py::set(self, "testscollected"_n, py::integer(0));
    py::set(self, "_shouldstop"_n, Py_False);
    py::set(self, "_shouldfail"_n, Py_False);
    py::set(self, "trace"_n,
            py::call_method(py::get(py::get(config, "trace"_n), "root"_n), "get"_n, py::str("collection")));
    py::set(self, "_initialpaths"_n, empty_frozenset());
    py::set(self, "_initialpaths_with_parents"_n, empty_frozenset());
    py::set(self, "_notfound"_n, py::new_list());
    py::set(self, "_initial_parts"_n, py::new_list());
    py::set(self, "_collection_cache"_n, py::new_dict());
    py::set(self, "items"_n, py::new_list());
    py::set(self, "_bestrelpathcache"_n,
            py::call(py::global<"main", "_bestrelpath_cache">(), py::get(config, "rootpath"_n)));
    py::call_method_kw(py::get(py::get(self, "config"_n), "pluginmanager"_n), "register"_n, {self},
                       {{"name"_n, py::str("session")}});
    return py::none();
}

object show(Args a) {
    return py::strcat("<", py::get(py::type_of(a[0]), "__name__"_n), " ", py::get(a[0], "name"_n),
                      " exitstatus=", py::repr_of(py::get_or(a[0], "exitstatus"_n, py::str("<UNSET>"))),
                      " testsfailed=", py::get(a[0], "testsfailed"_n),
                      " testscollected=", py::get(a[0], "testscollected"_n), ">");
}

/// Once set, the reason to stop stays: the runner counts on it.
void set_reason(handle self, handle name, handle value, const char* public_name) {
    if (value.ptr() == Py_False && py::truth(py::get(self, name))) {
        object text = py::strcat("session.", public_name, " cannot be unset after it has been set; ignoring.");
        py::call(py::lookup("warnings", "warn"_n),
                 py::call(py::lookup("_pytest.warning_types", "PytestWarning"_n), text));
        return;
    }
    py::set(self, name, value);
}

// --- hooks of the session -----------------------------------------------------------------------------------------

[[noreturn]] void stop(handle self, handle class_name, handle reason) {
    py::raise_exception(py::call(py::get(self, class_name), reason));
}

object on_collectstart(Args a) {
    if (object reason = py::get(a[0], "shouldfail"_n); py::truth(reason)) stop(a[0], "Failed"_n, reason);
    if (object reason = py::get(a[0], "shouldstop"_n); py::truth(reason)) stop(a[0], "Interrupted"_n, reason);
    return py::none();
}

object on_report(Args a) {
    handle self = a[0];
    if (!py::truth(py::get(a[1], "failed"_n)) || py::has(a[1], "wasxfail"_n)) return py::none();
    long long failed = py::to_int(py::get(self, "testsfailed"_n)) + 1;
    py::set(self, "testsfailed"_n, py::integer(failed));
    object limit = py::call_method(py::get(self, "config"_n), "getvalue"_n, "maxfail"_n);
    if (py::truth(limit) && failed >= py::to_int(limit))
        py::set(self, "shouldfail"_n, py::strcat("stopping after ", failed, " failures"));
    return py::none();
}

// --- paths --------------------------------------------------------------------------------------------------------

object is_init_path(Args a) {
    object known = py::get(a[0], py::truth(a[2]) ? "_initialpaths_with_parents"_n : "_initialpaths"_n);
    return py::boolean(py::contains(known, as_path(a[1])));
}

/// The hooks without the conftests that are not in force at a path.
object make_hook_proxy(handle config, handle manager, handle path) {
    object in_force = py::call_method(manager, "_getconftestmodules"_n, as_path(path));
    object others = py::call_method(py::get(manager, "_conftest_plugins"_n), "difference"_n, in_force);
    if (!py::truth(others)) return py::get(config, "hook"_n);
    return py::call(py::lookup("_pytest.main", "FSHookProxy"_n), manager, others);
}

bool finds_conftests_as_ours(handle manager) {
    object method = py::get(manager, "_getconftestmodules"_n);
    return PyMethod_Check(method.ptr()) && py::is_native_function(PyMethod_GET_FUNCTION(method.ptr()));
}

py::ShortCut g_hook_proxies{
    "collect.hook_proxies",
    "The hooks in force at a path are kept until a conftest comes or goes. Seen by patches of the plugin "
    "manager's _getconftestmodules."};

/// The key of what holds for all files of a folder: its text; null for paths that are not absolute or not of the
/// system's own class.
object folder_key(handle path) {
    std::optional<std::string> text = py::plain_path_text(path);
    if (!text || !text->starts_with('/')) return {};
    std::size_t separator = text->rfind('/');
    return py::str(separator > 0 && os::is_file(*text) ? text->substr(0, separator) : *text);
}

/// Proxies are kept by the path object (which is kept with them) and by the folder until conftests come or go.
object get_hook_proxy(Args a) {
    handle self = a[0], path = a[1];
    object config = py::get(self, "config"_n);
    object manager = py::get(config, "pluginmanager"_n);
    if (!g_hook_proxies.take(nodes::short_cuts(self) && finds_conftests_as_ours(manager)))
        return make_hook_proxy(config, manager, path);
    object memory = nodes::session_memory(self, "hook_proxies"_n);
    object stamp = py::tuple_of(manager, py::integer(py::length(py::get(manager, "_conftest_plugins"_n))),
                                py::integer(py::length(py::get(manager, "_dirpath2confmods"_n))));
    object known_stamp = py::dict_get(memory, "stamp"_n);
    if (!known_stamp.is_valid() || !py::equal(known_stamp, stamp)) {
        PyDict_Clear(memory.ptr());
        py::dict_set(memory, "stamp"_n, stamp);
    }
    object key = py::check(PyLong_FromVoidPtr(path.ptr()));
    if (object known = py::dict_get(memory, key); known.is_valid()) return py::borrow(PyTuple_GET_ITEM(known.ptr(), 1));
    object folder = folder_key(path), proxy = folder.is_valid() ? py::dict_get(memory, folder) : object();
    if (!proxy.is_valid()) proxy = make_hook_proxy(config, manager, path);
    if (folder.is_valid()) py::dict_set(memory, folder, proxy);
    py::dict_set(memory, key, py::tuple_of(path, proxy));
    return proxy;
}

void define_helpers(py::Module& m) {
    m.cls("Interrupted", {PyExc_KeyboardInterrupt})
        .doc("Signals that the run was interrupted.")
        .attr("__module__", py::str("builtins"))
        .make();
    m.cls("Failed", {PyExc_Exception}).doc("Signals a stop as failed test run.").make();
    m.cls("FSHookProxy")
        .doc("Hook callers that leave some plugins out.")
        .def("__init__", "self, pm, remove_mods",
             [](Args a) {
                 py::set(a[0], "pm"_n, a[1]);
                 py::set(a[0], "remove_mods"_n, a[2]);
                 return py::none();
             })
        .def("__getattr__", "self, name",
             [](Args a) {
                 object caller = py::call_method_kw(py::get(a[0], "pm"_n), "subset_hook_caller"_n, {a[1]},
                                                    {{"remove_plugins"_n, py::get(a[0], "remove_mods"_n)}});
                 py::set_item(py::get(a[0], "__dict__"_n), a[1], caller);
                 return caller;
             })
        .make();
    m.cls("_bestrelpath_cache", {py::type_object(PyDict_Type)})
        .doc("Paths relative to one directory, found once.")
        .dataclass("path")
        .def("__missing__", "self, path",
             [](Args a) {
                 object found = best_relative_path(py::get(a[0], "path"_n), a[1]);
                 py::set_item(a[0], a[1], found);
                 return found;
             })
        .make();
}

}  // namespace

std::optional<bool> is_initial_path(handle session, handle text) {
    if (!nodes::short_cuts(session) || !g_isinitpath.found_on(session)) return {};
    object paths = py::get(session, "_initialpaths"_n);
    if (!PyFrozenSet_CheckExact(paths.ptr())) return {};
    object memory = nodes::session_memory(session, "initial_paths"_n);
    if (!py::dict_get(memory, "paths"_n).is(paths)) {
        object texts = py::check(PySet_New(nullptr));
        for (object path : py::each(paths)) py::check(PySet_Add(texts.ptr(), py::to_str(path).ptr()));
        py::dict_set(memory, "paths"_n, paths);
        py::dict_set(memory, "texts"_n, texts);
    }
    return py::contains(py::dict_get(memory, "texts"_n), text);
}

TraceIndent::TraceIndent(handle session) : root_(py::get(py::get(session, "trace"_n), "root"_n)) {
    py::set(root_, "indent"_n, py::integer(py::to_int(py::get(root_, "indent"_n)) + 1));
}

void TraceIndent::end() {
    if (object root = std::exchange(root_, object()); root.is_valid())
        py::set(root, "indent"_n, py::integer(py::to_int(py::get(root, "indent"_n)) - 1));
}

TraceIndent::~TraceIndent() = default;  // an error leaves the indentation, as it ends the run

void define_session(py::Module& m) {
    define_helpers(m);
    object session =
        m.cls("Session", {py::global<"nodes", "Collector">()})
            .doc("The root of the collection tree: collects what the arguments of the run name.")
            .attr("Interrupted", m.get("Interrupted"))
            .attr("Failed", m.get("Failed"))
            .attr("__final__", Py_True)
            .def("__init__", "self, config", init)
            .classmethod("from_config", "cls, config",
                         [](Args a) {
                             return py::call_kw(py::get(a[0], "_create"_n), {}, {{"config"_n, a[1]}});
                         })
            .def("__repr__", "self", show)
            .prop(
                "shouldstop", [](Args a) { return py::get(a[0], "_shouldstop"_n); },
                [](Args a) {
                    set_reason(a[0], "_shouldstop"_n, a[1], "shouldstop");
                    return py::none();
                })
            .prop(
                "shouldfail", [](Args a) { return py::get(a[0], "_shouldfail"_n); },
                [](Args a) {
                    set_reason(a[0], "_shouldfail"_n, a[1], "shouldfail");
                    return py::none();
                })
            .prop(
                "startpath",
                [](Args a) { return py::get(py::get(py::get(a[0], "config"_n), "invocation_params"_n), "dir"_n); },
                nullptr, "The directory from which the run was started.")
            .def("_node_location_to_relpath", "self, node_path",
                 [](Args a) { return py::item(py::get(a[0], "_bestrelpathcache"_n), a[1]); })
            .hook("pytest_collectstart", "self", on_collectstart, {.tryfirst = true})
            .hook("pytest_runtest_logreport", "self, report", on_report, {.tryfirst = true})
            .hook("pytest_collectreport", "self, report", on_report, {.tryfirst = true})
            .def("isinitpath", "self, path, *, with_parents=False", is_init_path,
                 "Whether a path was given as an argument, or, if asked, contains one that was.")
            .def("gethookproxy", "self, fspath", get_hook_proxy)
            .def("_collect_path", "self, path, path_cache", collect_path)
            .def("perform_collect", "self, args=None, genitems=True", perform_collect,
                 "Collect what the arguments name: the items, or the collectors without going into them.")
            .def("_collect_one_node", "self, node, handle_dupes=True", collect_one_node)
            .generator("collect", "self", collect_arguments)
            .generator("genitems", "self, node", generate_items)
            .make();
    remember_genitems_methods(session);
    hooks::plays_quietly(py::get(session, "pytest_runtest_logreport"_n), hooks::idle_part);
    g_isinitpath.remember(session, "isinitpath");
}

}  // namespace fastest::collect

FASTEST_MODULE(main, "_pytest.main") {
    using namespace fastest;
    collect::define_session(m);
    collect::define_directory(m);
    collect::define_arguments(m);
    collect::define_ignoring(m);
    collect::define_main_options(m);
    collect::define_main(m);
}
