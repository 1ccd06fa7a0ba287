#include "engine/nodes/shelter.h"

#include "engine/nodes/ours.h"
#include "engine/py/collector.h"
#include "engine/py/short_cut.h"

namespace fastest::nodes {
namespace {

py::ShortCut g_shelter{
    "nodes.shelter",
    "items, what belongs to them and reports of plain passes are hidden from the garbage collector until the session "
    "ends; seen in gc.get_objects() and by items that leave the session"};

/// The list of what is hidden, itself hidden.
object sheltered(handle session) {
    object memory = session_memory(session, "shelter"_n);
    object list = py::dict_get(memory, "objects"_n);
    if (!list.is_valid()) {
        list = py::new_list();
        py::dict_set(memory, "objects"_n, list);
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

bool is_exactly(handle value, handle type) { return py::type_of(value).is(type); }

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

}  // namespace

Shelter::Shelter(handle session) {
    if (short_cuts(session)) objects_ = sheltered(session);
}

Shelter Shelter::if_begun(handle session) {
    Shelter shelter;
    shelter.objects_ = py::dict_get(session_memory(session, "shelter"_n), "objects"_n);
    return shelter;
}

void begin_shelter(handle session) {
    if (is_node(session)) Shelter begun(session);
}

void Shelter::hide(handle value) {
    if (objects_.is_valid()) nodes::hide(objects_, value);
}

void Shelter::hide_item(handle item) {
    const Node* node = as_node(item);
    if (!g_shelter.take(node && objects_.is_valid())) return;
    hide(item);
    if (node->refs[kFixtureInfo] && (node->pending & kSharedFixtureInfo))
        hide_fixtures(objects_, node->refs[kFixtureInfo]);
    if (node->refs[kCallspec]) hide_parameters(objects_, node->refs[kCallspec]);
    for (Field which : {kPendingKeywords, kOwnMarkers})
        if (node->refs[which]) hide(node->refs[which]);
}

void end_shelter(handle session) {
    if (!is_node(session)) return;
    object memory = session_memory(session, "shelter"_n), list = py::dict_get(memory, "objects"_n);
    for (Py_ssize_t i = 0; list.is_valid() && i < PyList_GET_SIZE(list.ptr()); ++i)
        py::track(PyList_GET_ITEM(list.ptr(), i));
    PyDict_Clear(memory.ptr());
}

}  // namespace fastest::nodes
