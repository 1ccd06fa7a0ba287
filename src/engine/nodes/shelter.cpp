#include "engine/nodes/shelter.h"

#include "engine/nodes/ours.h"
#include "engine/py/collector.h"
#include "engine/py/short_cut.h"

namespace fastest::nodes {
namespace {

py::ShortCut g_shelter{
    "nodes.shelter",
    "items and what belongs to them are hidden from the garbage collector while the tests run; seen in "
    "gc.get_objects() and by items that leave the session"};

/// One of the lists of what is hidden, itself hidden.
object sheltered(handle session, handle name) {
    object memory = session_memory(session, "shelter"_n);
    object list = py::dict_get(memory, name);
    if (!list.is_valid()) {
        list = py::new_list();
        py::dict_set(memory, name, list);
        py::untrack(list);
    }
    return list;
}

/// Not for dicts that could be copied: a copy of one that is not tracked is not tracked either. And not for what has a
/// finalizer: whoever looks for finalizers at the end of the process looks at what is tracked.
void hide(handle list, handle value) {
    if (!value.is_valid() || !PyObject_IS_GC(value.ptr()) || !PyObject_GC_IsTracked(value.ptr())) return;
    if (Py_TYPE(value.ptr())->tp_finalize) return;
    py::append(list, value);
    py::untrack(value);
}

bool is_exactly(handle value, handle type) { return reinterpret_cast<PyObject*>(Py_TYPE(value.ptr())) == type.ptr(); }

void hide_fixtures(handle list, handle info) {
    if (!is_exactly(info, py::global<"fixtures", "FuncFixtureInfo">()) || !PyObject_GC_IsTracked(info.ptr())) return;
    hide(list, info);
    hide(list, py::get(info, "names_closure"_n));
    object definitions = py::get(info, "name2fixturedefs"_n);
    if (!PyDict_CheckExact(definitions.ptr())) return;
    PyObject *name, *chain;
    for (Py_ssize_t at = 0; PyDict_Next(definitions.ptr(), &at, &name, &chain);)
        if (PyList_CheckExact(chain)) hide(list, chain);
}

void hide_parameters(handle list, handle callspec) {
    if (!is_exactly(callspec, py::global<"metafunc", "CallSpec">())) return;
    hide(list, callspec);
    for (handle name : {"_idlist"_n, "marks"_n}) hide(list, py::get_or(callspec, name, Py_None));
}

bool is_data(handle value, int depth = 2) {
    PyObject* raw = value.ptr();
    if (!PyObject_IS_GC(raw) || PyType_Check(raw)) return true;
    if (PyDict_CheckExact(raw) || is_exactly(value, py::global<"nodeid", "NodeId">()))
        return !PyObject_GC_IsTracked(raw);
    if (depth == 0 || (!PyTuple_CheckExact(raw) && !PyList_CheckExact(raw))) return false;
    for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(raw); ++i)
        if (!is_data(PySequence_Fast_GET_ITEM(raw, i), depth - 1)) return false;
    return true;
}

/// Whether all attributes are data.
bool holds_data(handle value) {
    auto visit = [](PyObject* referent, void*) { return is_data(referent) ? 0 : 1; };
    traverseproc traverse = Py_TYPE(value.ptr())->tp_traverse;
    return traverse && traverse(value.ptr(), visit, nullptr) == 0;
}

bool is_filled_list(handle value) {
    return value.is_valid() && PyList_CheckExact(value.ptr()) && PyList_GET_SIZE(value.ptr()) > 0;
}

void empty(handle list) {
    if (is_filled_list(list)) py::check(PyList_SetSlice(list.ptr(), 0, PY_SSIZE_T_MAX, nullptr));
}

/// Lets go of them one by one; those that others hold as well are tracked.
void let_go(handle list) {
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list.ptr()); ++i) {
        handle value = PyList_GET_ITEM(list.ptr(), i);
        if (Py_REFCNT(value.ptr()) > 1) py::track(value);
        py::check(PyList_SetItem(list.ptr(), i, py::none().release().ptr()));
    }
}

}  // namespace

Shelter::Shelter(handle session) {
    if (!short_cuts(session)) return;
    all_ = sheltered(session, "all"_n);
    own_lists_ = sheltered(session, "own_lists"_n);
    data_ = sheltered(session, "data"_n);
}

Shelter Shelter::if_begun(handle session) {
    Shelter shelter;
    object memory = session_memory(session, "shelter"_n);
    shelter.all_ = py::dict_get(memory, "all"_n);
    shelter.own_lists_ = py::dict_get(memory, "own_lists"_n);
    shelter.data_ = py::dict_get(memory, "data"_n);
    return shelter;
}

void begin_shelter(handle session) {
    if (is_node(session)) Shelter begun(session);
}

void Shelter::hide(handle value) {
    if (all_.is_valid()) nodes::hide(all_, value);
}

void Shelter::hide_own_list(handle list) {
    if (own_lists_.is_valid()) nodes::hide(own_lists_, list);
}

void Shelter::hide_data(handle value) {
    if (data_.is_valid()) nodes::hide(data_, value);
}

void Shelter::hide_item(handle item) {
    const Node* node = as_node(item);
    if (!g_shelter.take(node && all_.is_valid())) return;
    hide(item);
    if (node->refs[kFixtureInfo] && (node->pending & kSharedFixtureInfo)) hide_fixtures(all_, node->refs[kFixtureInfo]);
    if (node->refs[kCallspec]) hide_parameters(all_, node->refs[kCallspec]);
    for (Field which : {kPendingKeywords, kOwnMarkers})
        if (node->refs[which]) hide(node->refs[which]);
}

void end_shelter(handle session) {
    if (!is_node(session)) return;
    object memory = session_memory(session, "shelter"_n);
    for (handle name : {"all"_n, "own_lists"_n, "data"_n}) {
        object list = py::dict_get(memory, name);
        for (Py_ssize_t i = 0; list.is_valid() && i < PyList_GET_SIZE(list.ptr()); ++i) {
            handle value = PyList_GET_ITEM(list.ptr(), i);
                py::track(value);
        }
    }
    PyDict_Clear(memory.ptr());
}

void end_shelter_at_exit(handle session) {
    object memory = session_memory(session, "shelter"_n);
    object all = py::dict_get(memory, "all"_n), own_lists = py::dict_get(memory, "own_lists"_n);
    object data = py::dict_get(memory, "data"_n);
    PyDict_Clear(memory.ptr());
    if (!all.is_valid()) return;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(data.ptr()); ++i) {
        handle value = PyList_GET_ITEM(data.ptr(), i);
        if (holds_data(value))
            py::borrow(value).release();
        else
            py::track(value);
    }
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(own_lists.ptr()); ++i) empty(PyList_GET_ITEM(own_lists.ptr(), i));
    if (object items = py::try_get(session, "items"_n); items.is_valid() && Py_REFCNT(items.ptr()) == 2) empty(items);
    let_go(all);
}

}  // namespace fastest::nodes
