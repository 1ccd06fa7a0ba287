#include "engine/collect/genitems.h"

#include "engine/collect/session.h"
#include "engine/hooks/native_caller.h"
#include "engine/hooks/tracing.h"
#include "engine/nodes/ours.h"
#include "engine/py/short_cut.h"

namespace fastest::collect {
namespace {

using py::OwnedArgs;

py::ShortCut g_unannounced{
    "collect.unannounced_items",
    "Items of a file join the session's list without a trace message and without a call of pytest_itemcollected each. "
    "A looker "
    "is an implementation of that hook, a tracer, a class of item of its own, or a replaced gethookproxy or ihook."};

py::OwnMethod g_genitems, g_gethookproxy, g_ihook;  // constants: the engine's own functions

/// A subclass's or a patch: then the children come through it, too.
bool has_own_genitems(handle self) { return !g_genitems.found_on(self); }

/// A collector whose children are being gone through.
struct Level {
    object collector, report;
    object children;  // iterator; null when the collection failed
    bool duplicate;
};

Level enter(handle self, handle node) {
    bool handle_dupes = !py::is_instance(node, py::global<"nodes", "File">());
    object outcome = py::call_method(self, "_collect_one_node"_n, node, py::boolean(handle_dupes));
    object report = py::item(outcome, py::integer(0)), children;
    if (py::truth(py::get(report, "passed"_n)))
        children = py::check(PyObject_GetIter(py::get(report, "result"_n).ptr()));
    return {py::borrow(node), report, children, py::truth(py::item(outcome, py::integer(1)))};
}

void leave(const Level& level) {
    if (!level.duplicate)
        py::call_named<"report">(py::get(nodes::ihook_of(level.collector), "pytest_collectreport"_n), level.report);
}

/// The items below a node, one after the other.
class ItemWalk {
public:
    ItemWalk(handle session, handle node) : session_(py::borrow(session)), node_(py::borrow(node)) {}

    /// Other code has run since the last item.
    void forget() { quiet_path_ = object(); }

    /// Null at the end.
    object next() {
        while (node_.is_valid() || find_node()) {
            object node = std::exchange(node_, object());
            if (nodes::is_item(node)) {
                announce(node);
                return node;
            }
            quiet_path_ = object();
            trace(node);
            if (!nodes::is_collector(node)) py::raise(PyExc_AssertionError, "");
            levels_.push_back(enter(session_, node));
        }
        return {};
    }

private:
    void trace(handle node) { py::call(py::get(session_, "trace"_n), py::str("genitems"), node); }

    void announce(handle item) {
        if (is_quiet(item)) return;
        trace(item);
        py::call_named<"item">(py::get(nodes::ihook_of(item), "pytest_itemcollected"_n), item);
    }

    /// Known for a path until other code runs.
    bool is_quiet(handle item) {
        if (!py::type_of(item).is(py::global<"python", "Function">())) return false;
        handle path = nodes::field(nodes::as_node(item), nodes::kPath);
        if (path.is_valid() && quiet_path_.is(path)) return true;
        bool quiet = path.is_valid() && nodes::short_cuts(session_) && g_ihook.found_in(Py_TYPE(item.ptr())) &&
                     g_gethookproxy.found_on(session_) && hooks::traces_nothing(py::get(session_, "trace"_n)) &&
                     hooks::only_ours(py::get(nodes::ihook_of(item), "pytest_itemcollected"_n));
        quiet_path_ = g_unannounced.take(quiet) ? py::borrow(path) : object();
        return quiet;
    }

    /// The next child of the innermost collector that has one; those that have none any more are left.
    bool find_node() {
        while (!levels_.empty()) {
            Level& level = levels_.back();
            if (level.children.is_valid()) {
                node_ = py::steal(PyIter_Next(level.children.ptr()));
                if (!node_.is_valid() && PyErr_Occurred()) throw nb::python_error();
                if (node_.is_valid()) return true;
            }
            Level done = std::move(levels_.back());
            levels_.pop_back();
            quiet_path_ = object();
            leave(done);
        }
        return false;
    }

    object session_, node_, quiet_path_;
    std::vector<Level> levels_;
};

}  // namespace

void remember_genitems_methods(handle session_class) {
    g_genitems.remember(session_class, "genitems");
    g_gethookproxy.remember(session_class, "gethookproxy");
    g_ihook.remember(py::global<"nodes", "Node">(), "ihook");
}

void extend_with_items(handle items, handle session, handle node) {
    if (!PyList_CheckExact(items.ptr()) || has_own_genitems(session)) {
        py::call_method(items, "extend"_n, py::call_method(session, "genitems"_n, node));
        return;
    }
    ItemWalk walk(session, node);
    for (object item = walk.next(); item.is_valid(); item = walk.next()) py::append(items, item);
}

py::Generator generate_items(OwnedArgs a) {
    object self = py::borrow(a[0]);
    if (has_own_genitems(self) && !nodes::is_item(a[1])) {
        py::call(py::get(self, "trace"_n), py::str("genitems"), a[1]);
        Level level = enter(self, a[1]);
        if (level.children.is_valid())
            for (object child : py::each(level.children))
                for (object item : py::each(py::call_method(self, "genitems"_n, child))) co_yield item;
        leave(level);
        co_return py::none();
    }
    ItemWalk walk(self, a[1]);
    for (object item = walk.next(); item.is_valid(); item = walk.next()) {
        co_yield item;
        walk.forget();
    }
    co_return py::none();
}

}  // namespace fastest::collect
