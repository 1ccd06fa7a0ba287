// `Node`: names, parents, ids, marks, finalizers.

#include "engine/nodes/node.h"

#include "engine/marks/mark.h"
#include "engine/nodes/failure.h"
#include "engine/nodes/meta.h"
#include "engine/nodes/nodeid.h"
#include "engine/nodes/ours.h"
#include "engine/py/error.h"
#include "engine/py/facade_warning.h"

namespace fastest::nodes {
namespace {

using py::Args;

/// A value given to the constructor, or the parent's when it is false.
object given_or_parents(handle value, handle parent, handle name, const char* what) {
    if (py::truth(value)) return py::borrow(value);
    if (!py::truth(parent)) py::raise(PyExc_TypeError, py::cat(what, " or parent must be provided"));
    return py::get(parent, name);
}

object make_id(handle self, handle nodeid) {
    if (py::is_none(nodeid)) {
        object parent = py::get(self, "parent"_n);
        if (!py::truth(parent)) py::raise(PyExc_TypeError, "nodeid or parent must be provided");
        return py::call_method(id_of(parent), "child"_n, py::get(self, "name"_n));
    }
    if (!py::is_str(nodeid) && !py::is_instance(nodeid, py::global<"nodeid", "NodeId">()))
        py::raise(PyExc_ValueError, py::cat("nodeid must be a NodeId, str, or None, got ", py::repr_of(nodeid),
                                            " (name=", py::get(self, "name"_n),
                                            "). Do not pass nodeid explicitly -- use Node.from_parent() and let pytest "
                                            "compute it automatically."));
    return coerce_nodeid(nodeid);
}

object init(Args a) {
    handle self = a[0], name = a[1], parent = a[2], config = a[3], session = a[4], path = a[6], nodeid = a[7];
    py::set(self, "name"_n, name);
    py::set(self, "parent"_n, parent);
    py::set(self, "config"_n, given_or_parents(config, parent, "config"_n, "config"));
    py::set(self, "session"_n, given_or_parents(session, parent, "session"_n, "session"));
    if (py::is_none(path)) {
        if (py::is_none(parent)) py::raise(PyExc_AssertionError, "");
        py::set(self, "path"_n, path_of(parent));
    } else {
        py::set(self, "path"_n, path);
    }
    py::set(self, "_id"_n, make_id(self, nodeid));
    return py::none();
}

object from_parent(Args a) {
    handle type = a[0], parent = a[1], kwargs = a[2];
    for (handle reserved : {"config"_n, "session"_n})
        if (py::dict_get(kwargs, reserved).is_valid())
            py::raise(PyExc_TypeError, py::cat(reserved, " is not a valid argument for from_parent"));
    py::dict_set(kwargs, "parent"_n, parent);
    return create_node(type, py::tuple_of(), kwargs);
}

object show(Args a) {
    return py::strcat("<", py::get(py::type_of(a[0]), "__name__"_n), " ", py::get_or(a[0], "name"_n, Py_None), ">");
}

object warn(Args a) {
    handle self = a[0], warning = a[1];
    if (!py::is_instance(warning, PyExc_Warning))
        py::raise(PyExc_ValueError,
                  py::cat("warning must be an instance of Warning or subclass, got ", py::repr_of(warning)));
    object place = source_place_of(self);
    object line = py::item(place, py::integer(1));
    if (py::is_none(line)) py::raise(PyExc_AssertionError, "");
    py::warn_at(warning, py::to_str(py::item(place, py::integer(0))), py::integer(py::to_int(line) + 1));
    return py::none();
}

// --- the chain of parents -------------------------------------------------------------------------------------

py::Generator iter_parents(py::OwnedArgs a) {
    object node = py::borrow(a[0]);
    while (!py::is_none(node)) {
        co_yield node;
        node = parent_of(node);
    }
    co_return py::none();
}

object listchain(Args a) {
    object chain = py::new_list();
    for (object node = py::borrow(a[0]); !py::is_none(node); node = parent_of(node)) py::append(chain, node);
    py::check(PyList_Reverse(chain.ptr()));
    return chain;
}

object listextrakeywords(Args a) {
    object all = py::check(PySet_New(nullptr));
    for (object node : py::each(py::call_method(a[0], "listchain"_n)))
        py::call_method(all, "update"_n, py::get(node, "extra_keyword_matches"_n));
    return all;
}

object listnames(Args a) {
    object names = py::new_list();
    for (object node : py::each(py::call_method(a[0], "listchain"_n))) py::append(names, name_of(node));
    return names;
}

object getparent(Args a) {
    for (object node = py::borrow(a[0]); !py::is_none(node); node = parent_of(node))
        if (py::is_instance(node, a[1])) return node;
    return py::none();
}

object addfinalizer(Args a) {
    object state = py::get(py::get(a[0], "session"_n), "_setupstate"_n);
    py::call_method(state, "addfinalizer"_n, a[1], a[0]);
    return py::none();
}

// --- marks ----------------------------------------------------------------------------------------------------

void warn_of_mark(handle category, std::string_view message) {
    py::warn_from("_pytest.nodes", py::call(category, py::str(message)));
}

object add_marker(Args a) {
    handle self = a[0];
    object marker = py::borrow(a[1]);
    if (!py::is_instance(marker, py::known<"_pytest.mark.structures", "MarkDecorator">())) {
        if (!py::is_str(marker)) py::raise(PyExc_ValueError, "is not a string or pytest.mark.* Marker");
        marker = marks::decorator_of(py::lookup("_pytest.mark", "MARK_GEN"_n), marker, warn_of_mark);
    }
    object mark = py::get(marker, "mark"_n);
    py::set_item(py::get(self, "keywords"_n), py::get(marker, "name"_n), mark);
    object own = py::get(self, "own_markers"_n);
    if (py::truth(a[2]))
        py::call_method(own, "append"_n, mark);
    else
        py::call_method(own, "insert"_n, py::integer(0), mark);
    return py::none();
}

bool has_name(handle mark, handle name) {
    return py::is_none(name) || py::equal(py::get_or(mark, "name"_n, Py_None), name);
}

py::Generator iter_markers_with_node(py::OwnedArgs a) {
    object name = py::borrow(a[1]);
    for (object node : py::each(py::call_method(a[0], "iter_parents"_n)))
        for (object mark : py::each(own_markers_of(node)))
            if (has_name(mark, name)) co_yield py::tuple_of(node, mark);
    co_return py::none();
}

py::Generator iter_markers(py::OwnedArgs a) {
    object pairs = py::call_kw(py::get(a[0], "iter_markers_with_node"_n), {}, {{"name"_n, a[1]}});
    for (object pair : py::each(pairs)) co_yield py::item(pair, py::integer(1));
    co_return py::none();
}

object default_mark(handle fallback) {
    if (!py::is_none(fallback) && py::is_instance(fallback, py::known<"_pytest.mark.structures", "MarkDecorator">()))
        return py::get(fallback, "mark"_n);
    return py::borrow(fallback);
}

constexpr const char* kMarkWalk[] = {"iter_markers", "iter_markers_with_node", "iter_parents"};
py::OwnMethods<std::size(kMarkWalk)> g_mark_walk;  // constants

/// The first of what `iter_markers(name)` gives; null when there is none. False when only `iter_markers` can tell.
bool find_closest(handle self, handle name, object& found) {
    if (!walks_marks_as_ours(self) || !(py::is_none(name) || PyUnicode_CheckExact(name.ptr()))) return false;
    handle mark_class = py::known<"_pytest.mark.structures", "Mark">();
    for (handle node = self; !node.is_none();) {
        const Node* raw = as_node(node);
        PyTypeObject* type = Py_TYPE(node.ptr());
        if (!raw || !reads_field(type, kOwnMarkers) || !reads_field(type, kParent) || !raw->refs[kParent]) return false;
        handle marks = field(raw, kOwnMarkers);  // none yet: no marks
        if (marks.is_valid() && !PyList_CheckExact(marks.ptr())) return false;
        for (Py_ssize_t i = 0; marks.is_valid() && i < PyList_GET_SIZE(marks.ptr()); ++i) {
            handle mark = PyList_GET_ITEM(marks.ptr(), i);
            if (!py::type_of(mark).is(mark_class)) return false;
            if (!has_name(mark, name)) continue;  // runs no Python code: of the engine's own mark, and a str
            found = py::borrow(mark);
            return true;
        }
        node = field(raw, kParent);
    }
    return true;
}

object get_closest_marker(Args a) {
    object closest;
    if (find_closest(a[0], a[1], closest)) return closest.is_valid() ? closest : default_mark(a[2]);
    object found = py::call_kw(py::get(a[0], "iter_markers"_n), {}, {{"name"_n, a[1]}});
    object first = py::steal(PyIter_Next(found.ptr()));
    if (first.is_valid()) return first;
    if (PyErr_Occurred()) throw nb::python_error();
    return default_mark(a[2]);
}

// --- fields that are made when they are asked for ---------------------------------------------------------------

template <Field Which, class Make>
PyObject* read_or_make(PyObject* self, Make&& make) {
    return py::guard([&]() -> object {
        Node* node = reinterpret_cast<Node*>(self);
        if (!node->refs[Which]) {
            object made = make(handle(self));
            if (!node->refs[Which]) set_field(node, Which, made);
        }
        return py::borrow(node->refs[Which]);
    });
}

PyObject* read_keywords(PyObject* self, void*) {
    return read_or_make<kKeywords>(self, [](handle node) {
        object made = py::call(py::known<"_pytest.mark.structures", "NodeKeywords">(), node);
        Node* raw = reinterpret_cast<Node*>(node.ptr());
        if (object pending = py::borrow(field(raw, kPendingKeywords)); pending.is_valid()) {
            set_field(raw, kPendingKeywords, handle());
            py::call_method(made, "update"_n, pending);
        }
        return made;
    });
}

py::OwnMethod g_id, g_nodeid, g_listchain, g_repr;  // constants: the engine's own properties

/// The parameters in the id of a function that the engine made; None for none.
object pending_params(const Node* node) {
    handle callspec = field(node, kCallspec);
    return callspec.is_valid() && py::truth(py::get(callspec, "_idlist"_n)) ? py::get(callspec, "id"_n) : py::none();
}

/// Of a function that the engine made.
object make_pending_id(handle self) {
    Node* node = reinterpret_cast<Node*>(self.ptr());
    object parent_id = id_of(parent_of(self));
    object params = pending_params(node);
    object id = child_nodeid(parent_id, field(node, kOriginalName));
    return py::is_none(params) ? id : nodeid_with_params(id, params);
}
PyObject* read_stash(PyObject* self, void*) {
    return read_or_make<kStash>(self, [](handle) { return py::call(py::known<"_pytest.stash", "Stash">()); });
}
PyObject* read_extra_keywords(PyObject* self, void*) {
    return read_or_make<kExtraKeywords>(self, [](handle) { return py::check(PySet_New(nullptr)); });
}

/// xdist's loadgroup puts "@group" behind the id, also behind its brackets: then the brackets belong to the last name.
object set_nodeid(Args a) {
    std::string text = py::text(py::to_str(a[1]));
    std::size_t separator = text.find("::");
    std::size_t bracket = separator == std::string::npos ? separator : text.find('[', separator);
    object id = coerce_nodeid(a[1]);
    if (bracket != std::string::npos && !text.ends_with(']')) {
        object names =
            py::call_method(py::str(text.substr(separator + 2, bracket - separator - 2)), "split"_n, py::str("::"));
        object last = py::strcat(py::item(names, py::integer(-1)), text.substr(bracket));
        py::set_item(names, py::integer(-1), last);
        id = make_nodeid(py::str(text.substr(0, separator)), py::to_tuple(names), Py_None);
    }
    py::set(a[0], "_id"_n, id);
    return py::none();
}

object norm_sep(Args a) {
    object path = py::check(PyOS_FSPath(a[0].ptr()));
    return py::call_method(path, "replace"_n, py::str("\\"), py::str("/"));
}

}  // namespace

bool shows_as_ours(PyTypeObject* type) {
    return g_listchain.found_in(type) && g_repr.found_in(type) && type->tp_str == PyBaseObject_Type.tp_str &&
           type->tp_richcompare == PyBaseObject_Type.tp_richcompare && reads_field(type, kName) &&
           reads_field(type, kParent);
}

bool has_planned_id(handle self) {
    const Node* node = as_node(self);
    return node && !node->refs[kId] && (node->pending & kPendingId) && reads_field(Py_TYPE(self.ptr()), kId) &&
           g_id.found_in(Py_TYPE(self.ptr())) && g_nodeid.found_in(Py_TYPE(self.ptr()));
}

PlannedId planned_id(handle self) {
    const Node* node = as_node(self);
    object parent_id = id_of(parent_of(self)), params = pending_params(node);
    PlannedId made{py::text(py::get(parent_id, "path"_n)), {}, {}, py::length(py::get(parent_id, "names"_n)) + 1};
    made.names =
        py::text(nodeid_text(parent_id)).substr(made.path.size()) + "::" + py::text(field(node, kOriginalName));
    if (!py::is_none(params)) made.params = py::cat("[", params, "]");
    return made;
}

PlannedId parts_of_id(handle nodeid) {
    object names = py::get(nodeid, "names"_n), params = py::get(nodeid, "params"_n);
    PlannedId made{py::text(py::get(nodeid, "path"_n)), {}, {}, py::length(names)};
    if (!py::is_none(params)) made.params = py::cat("[", params, "]");
    made.names = py::text(nodeid_text(nodeid)).substr(made.path.size());
    made.names.resize(made.names.size() - made.params.size());
    return made;
}

std::string nodeid_text_of(handle self) {
    if (!has_planned_id(self)) return py::text(nodeid_of(self));
    PlannedId id = planned_id(self);
    return id.path + id.names + id.params;
}

bool walks_marks_as_ours(handle node) { return g_mark_walk.found_on(node); }

void define_node(py::Module& m) {
    define_meta(m);
    m.cls("Node", {node_base()})
        .metaclass(m.get("NodeMeta"))
        .doc("Base of all components of the collection tree: collectors and items.")
        .slots({})
        .attr("name", member_descriptor("name", kName))
        .attr("parent", member_descriptor("parent", kParent))
        .attr("config", member_descriptor("config", kConfig))
        .attr("session", member_descriptor("session", kSession))
        .attr("path", member_descriptor("path", kPath))
        .attr("_id", pending_descriptor("_id", kId, make_pending_id))
        .attr("keywords", lazy_descriptor("keywords", kKeywords, read_keywords))
        .attr("own_markers", lazy_list_descriptor("own_markers", kOwnMarkers))
        .attr("extra_keyword_matches", lazy_descriptor("extra_keyword_matches", kExtraKeywords, read_extra_keywords))
        .attr("_store", lazy_descriptor("_store", kStash, read_stash))
        .attr("stash", lazy_descriptor("stash", kStash, read_stash))
        .def("__init__", "self, name, parent=None, config=None, session=None, fspath=None, path=None, nodeid=None",
             init)
        .classmethod("from_parent", "cls, parent, **kw", from_parent,
                     "The public constructor: `parent` and what the class's `__init__` takes by keyword.")
        .prop(
            "ihook",
            [](Args a) {
                return py::call_method(py::get(a[0], "session"_n), "gethookproxy"_n, py::get(a[0], "path"_n));
            },
            nullptr, "The hooks as the conftests that are in force at this node's path see them.")
        .def("__repr__", "self", show)
        .def("warn", "self, warning", warn, "Issue a warning, located at this node's source.")
        .prop(
            "nodeid", [](Args a) { return py::to_str(py::get(a[0], "id"_n)); }, nullptr,
            "The text of the node's id, with `::` between its parts.")
        .prop(
            "_nodeid", [](Args a) { return py::to_str(py::get(a[0], "id"_n)); }, set_nodeid)
        .prop(
            "id", [](Args a) { return py::get(a[0], "_id"_n); }, nullptr, "The structured node id, a NodeId.")
        .def("setup", "self", [](Args) { return py::none(); })
        .def("teardown", "self", [](Args) { return py::none(); })
        .generator("iter_parents", "self", iter_parents, "This node and its parents, up to the session.")
        .def("listchain", "self", listchain, "The session and all nodes down to this one.")
        .def("add_marker", "self, marker, append=True", add_marker, "Add a mark, by name or decorator.")
        .generator("iter_markers", "self, name=None", iter_markers,
                   "The marks of this node and its parents, closest first.")
        .generator("iter_markers_with_node", "self, name=None", iter_markers_with_node,
                   "Pairs of node and mark, closest first.")
        .def("get_closest_marker", "self, name, default=None", get_closest_marker,
             "The closest mark of this name, or `default`.")
        .def("listextrakeywords", "self", listextrakeywords, "The extra keywords of this node and its parents.")
        .def("listnames", "self", listnames)
        .def("addfinalizer", "self, fin", addfinalizer,
             "Have `fin` called without arguments when this node is torn down. Only while the node is set up.")
        .def("getparent", "self, cls", getparent, "The closest node, this one included, that is an instance of `cls`.")
        .def("_traceback_filter", "self, excinfo", [](Args a) { return py::get(a[1], "traceback"_n); })
        .def("_repr_failure_py", "self, excinfo, style=None", [](Args a) { return repr_failure(a[0], a[1], a[2]); })
        .def(
            "repr_failure", "self, excinfo, style=None",
            [](Args a) { return py::call_method(a[0], "_repr_failure_py"_n, a[1], a[2]); },
            "What to show for a failure of this node.")
        .make();
    g_mark_walk.remember(m.get("Node"), kMarkWalk);
    g_id.remember(m.get("Node"), "id");
    g_listchain.remember(m.get("Node"), "listchain");
    g_repr.remember(m.get("Node"), "__repr__");
    g_nodeid.remember(m.get("Node"), "nodeid");
    m.def("get_fslocation_from_item", "node", [](Args a) { return source_place_of(a[0]); });
    m.def("norm_sep", "path", norm_sep);
    m.attr("SEP", py::str("/"));
}

}  // namespace fastest::nodes
