// From arguments to items: `Session.perform_collect` and its steps.

#include "engine/collect/genitems.h"
#include "engine/collect/session.h"
#include "engine/py/pathlib_path.h"

namespace fastest::collect {
namespace {

using py::Args;
using py::OwnedArgs;

void forget_collection(handle self) {
    py::set(self, "_notfound"_n, py::new_list());
    py::set(self, "_initial_parts"_n, py::new_list());
    py::set(self, "_collection_cache"_n, py::new_dict());
}

object resolve_all(handle config, handle args) {
    bool spaces = py::truth(py::call_method(config, "getini"_n, "consider_namespace_packages"_n));
    bool as_pypath = py::truth(py::get(py::get(config, "option"_n), "pyargs"_n));
    object start = py::get(py::get(config, "invocation_params"_n), "dir"_n);
    object found = py::new_list();
    long long index = 0;
    for (object arg : py::each(args))
        py::append(found, resolve_argument(start, arg, py::integer(index++), as_pypath, spaces));
    if (!py::truth(py::call_method(config, "getoption"_n, "keepduplicates"_n))) found = normalize_arguments(found);
    return found;
}

void remember_initial_paths(handle self, handle arguments) {
    object paths = py::new_list(), with_parents = py::new_list();
    for (object argument : py::each(arguments)) {
        object path = py::get(argument, "path"_n);
        py::append(paths, path);
        py::append(with_parents, path);
        py::call_method(with_parents, "extend"_n, py::get(path, "parents"_n));
    }
    py::set(self, "_initialpaths"_n, py::check(PyFrozenSet_New(paths.ptr())));
    py::set(self, "_initialpaths_with_parents"_n, py::check(PyFrozenSet_New(with_parents.ptr())));
}

void complain_of_missing(handle notfound) {
    if (!py::truth(notfound)) return;
    object texts = py::new_list();
    for (object pair : py::each(notfound)) {
        object arg = py::item(pair, py::integer(0)), collectors = py::item(pair, py::integer(1));
        py::append(texts, py::truth(collectors)
                              ? py::strcat("not found: ", arg, "\n(no match in any of ", py::repr_of(collectors), ")")
                              : py::strcat("found no collectors for ", arg));
    }
    py::raise_exception(py::call_ex(py::lookup("_pytest.config", "UsageError"_n), py::to_tuple(texts)));
}

/// The body of `perform_collect`; gives the items, or the collectors.
object collect_all(handle self, handle args, bool genitems, TraceIndent& indent) {
    object config = py::get(self, "config"_n);
    object items = py::get(self, "items"_n);
    object arguments = resolve_all(config, args);
    py::set(self, "_initial_parts"_n, arguments);
    remember_initial_paths(self, arguments);
    object report = py::call(py::lookup("_pytest.runner", "collect_one_node"_n), self);
    py::call_named<"report">(py::get(py::get(self, "ihook"_n), "pytest_collectreport"_n), report);
    indent.end();
    complain_of_missing(py::get(self, "_notfound"_n));
    if (!genitems)
        items = py::get(report, "result"_n);
    else if (py::truth(py::get(report, "passed"_n)))
        for (object node : py::each(py::get(report, "result"_n)))
            extend_with_items(py::get(self, "items"_n), self, node);
    py::call_method(py::get(config, "pluginmanager"_n), "check_pending"_n);
    py::call_named<"session", "config", "items">(py::get(py::get(config, "hook"_n), "pytest_collection_modifyitems"_n),
                                                 self, config, items);
    return items;
}

// --- matching of one argument -------------------------------------------------------------------------------------

/// The directories that lead to an argument, outermost first, then the path itself.
object path_to_argument(handle argument, handle manager) {
    object path = py::get(argument, "path"_n), module_name = py::get(argument, "module_name"_n);
    object paths = py::list_of(path);
    object module_parts = py::none();
    if (!py::is_none(module_name)) module_parts = py::call_method(module_name, "split"_n, py::str("."));
    Py_ssize_t level = 1;
    for (object parent : py::each(py::get(path, "parents"_n))) {
        ++level;
        if (py::is_none(module_parts)) {
            if (!py::truth(py::call_method(manager, "_is_in_confcutdir"_n, parent))) break;
        } else if (level > py::length(module_parts) ||
                   !py::equal(py::get(parent, "stem"_n), py::item(module_parts, py::integer(-level)))) {
            break;
        }
        py::check(PyList_Insert(paths.ptr(), 0, parent.ptr()));
    }
    return paths;
}

bool is_path(handle value) { return py::is_instance(value, py::pathlib_path()); }

bool matches_path(handle node, handle path) {
    object own = py::get(node, "path"_n);
    if (py::equal(own, path)) return true;
    if (!py::equal(py::lookup("sys", "platform"_n), py::str("win32"))) return false;
    return py::truth(py::call(py::lookup("_pytest.pathlib", "samefile_nofollow"_n), own, path));
}

/// A last name without parametrization matches all parametrizations.
bool matches_name(handle node, handle name, bool last, handle parametrization) {
    object own = nodes::name_of(node);
    if (!last) return py::equal(own, name);
    if (!py::is_none(parametrization)) return py::equal(own, py::strcat(name, parametrization));
    std::string text = py::text(own);
    return py::equal(py::str(std::string_view(text).substr(0, text.find('['))), name);
}

struct Match {
    object node;
    object parts;  // list of what is left to be matched: paths, then names
};

/// The nodes below a match's node; null when they can't be had (and that was reported).
object nodes_below(handle self, const Match& match, handle path_cache) {
    object next = py::item(match.parts, py::integer(0));
    if (py::is_instance(match.node, py::global<"main", "Session">())) {
        if (!is_path(next)) py::raise(PyExc_AssertionError, "");
        return py::call_method(match.node, "_collect_path"_n, next, path_cache);
    }
    // A file that is given several times is collected several times.
    bool given_file = py::length(match.parts) == 1 && is_path(next) && is_file(next);
    object outcome = py::call_method(self, "_collect_one_node"_n, match.node, py::boolean(!given_file));
    object report = py::item(outcome, py::integer(0));
    if (py::truth(py::get(report, "passed"_n))) return py::get(report, "result"_n);
    if (!py::truth(py::item(outcome, py::integer(1))))
        py::call_named<"report">(py::get(py::get(match.node, "ihook"_n), "pytest_collectreport"_n), report);
    return {};
}

/// Puts the nodes below that match the next part on the work list, the first on top.
bool push_matching(const Match& match, handle below, handle parametrization, std::vector<Match>& work) {
    object next = py::item(match.parts, py::integer(0));
    bool wants_path = is_path(next), last = py::length(match.parts) == 1, any = false;
    object rest = py::check(PySequence_GetSlice(match.parts.ptr(), 1, PY_SSIZE_T_MAX));
    object reversed = py::call(py::lookup("builtins", "reversed"_n), below);
    for (object node : py::each(reversed)) {
        if (wants_path ? !matches_path(node, next) : !matches_name(node, next, last, parametrization)) continue;
        work.push_back({node, rest});
        any = true;
    }
    return any;
}

}  // namespace

object perform_collect(Args a) {
    handle self = a[0];
    object config = py::get(self, "config"_n);
    object args = py::is_none(a[1]) ? py::get(config, "args"_n) : py::borrow(a[1]);
    py::call(py::get(self, "trace"_n), py::str("perform_collect"), self, args);
    TraceIndent indent(self);
    forget_collection(self);
    py::set(self, "items"_n, py::new_list());
    bool genitems = py::truth(a[2]);
    auto finish = [&] {
        forget_collection(self);
        py::call_named<"session">(py::get(py::get(config, "hook"_n), "pytest_collection_finish"_n), self);
    };
    object items;
    try {
        items = collect_all(self, args, genitems, indent);
    } catch (nb::python_error& error) {
        py::Handling handling(error);
        finish();
        throw;
    }
    finish();
    if (genitems) py::set(self, "testscollected"_n, py::integer(py::length(items)));
    return items;
}

object collect_path(Args a) {
    handle self = a[0], path = a[1], cache = a[2];
    if (py::contains(cache, path)) return py::item(cache, path);
    object made = py::tuple_of();
    if (is_directory(path)) {
        object hooks = py::call_method(self, "gethookproxy"_n, py::get(path, "parent"_n));
        object node = py::call_named<"path", "parent">(py::get(hooks, "pytest_collect_directory"_n), path, self);
        if (!py::is_none(node)) made = py::tuple_of(node);
    } else if (is_file(path)) {
        object hooks = py::call_method(self, "gethookproxy"_n, path);
        made = py::call_named<"file_path", "parent">(py::get(hooks, "pytest_collect_file"_n), path, self);
    }
    py::set_item(cache, path, made);
    return made;
}

object collect_one_node(Args a) {
    handle self = a[0], node = a[1];
    object cache = py::get(self, "_collection_cache"_n);
    bool known = py::contains(cache, node);
    if (known && py::truth(a[2])) return py::tuple_of(py::item(cache, node), Py_True);
    object report = py::call(py::lookup("_pytest.runner", "collect_one_node"_n), node);
    if (known && py::truth(py::get(report, "passed"_n))) {
        // Collecting again makes new children; directories are kept, as fixtures were registered for them.
        handle directory = py::global<"nodes", "Directory">();
        object before = py::new_dict();
        for (object child : py::each(py::get(py::item(cache, node), "result"_n)))
            if (py::is_instance(child, directory)) py::dict_set(before, py::get(child, "path"_n), child);
        if (py::truth(before)) {
            object kept = py::new_list();
            for (object child : py::each(py::get(report, "result"_n))) {
                object old;
                if (py::is_instance(child, directory)) old = py::dict_get(before, py::get(child, "path"_n));
                py::append(kept, old.is_valid() ? old : child);
            }
            py::set(report, "result"_n, kept);
        }
    }
    py::set_item(cache, node, report);
    return py::tuple_of(report, Py_False);
}

py::Generator collect_arguments(OwnedArgs a) {
    object self = py::borrow(a[0]);
    object path_cache = py::new_dict();  // the top-level nodes
    object manager = py::get(py::get(self, "config"_n), "pluginmanager"_n);
    for (object argument : py::each(py::get(self, "_initial_parts"_n))) {
        py::call(py::get(self, "trace"_n), py::str("processing argument"), argument);
        TraceIndent indent(self);
        object path = py::get(argument, "path"_n), names = py::get(argument, "parts"_n);
        object parametrization = py::get(argument, "parametrization"_n);
        if (is_directory(path) && py::truth(names))
            py::raise(PyExc_AssertionError, py::cat("invalid arg ", py::repr_of(py::tuple_of(path, names))));
        object parts = path_to_argument(argument, manager);
        py::call_method(parts, "extend"_n, names);

        bool any_match = false;
        object without_match = py::new_list();
        std::vector<Match> work;
        work.push_back({self, parts});
        while (!work.empty()) {
            Match match = std::move(work.back());
            work.pop_back();
            if (!py::truth(match.parts)) {
                co_yield match.node;
                any_match = true;
                continue;
            }
            if (!nodes::is_collector(match.node)) continue;
            object below = nodes_below(self, match, path_cache);
            if (!below.is_valid()) continue;
            if (!push_matching(match, below, parametrization, work)) py::append(without_match, match.node);
        }
        if (!any_match) {
            object pieces = py::list_of(py::to_str(path));
            py::call_method(pieces, "extend"_n, names);
            object shown = py::call_method(py::str("::"), "join"_n, pieces);
            py::append(py::get(self, "_notfound"_n), py::tuple_of(shown, without_match));
        }
        indent.end();
    }
    co_return py::none();
}

}  // namespace fastest::collect
