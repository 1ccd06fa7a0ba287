// --nf.

#include <algorithm>

#include "engine/builtin/cache.h"
#include "engine/nodes/node.h"
#include "engine/py/short_cut.h"

namespace fastest::builtin {

using namespace py;

namespace {

py::ShortCut g_late_ids{
    "builtin.late_nodeids",
    "The ids in the cache and those of the items of a run are put together when the run ends, as texts. Somebody who "
    "reads "
    "`cached_nodeids` gets the set; --nf, items with ids of their own and odd names make it at once."};

/// The set of NodeIds, made of what waits: texts of the cache and items.
object cached_ids(Args a) {
    object attributes = get(a[0], "__dict__"_n);
    if (object known = dict_get(attributes, "cached_nodeids"_n); known.is_valid()) return known;
    object known = check(PySet_New(nullptr));
    for (object text : each(get(a[0], "_waiting_texts"_n))) check(PySet_Add(known.ptr(), parse_node_id(text).ptr()));
    for (object waiting : each(get(a[0], "_waiting_items"_n)))
        check(PySet_Add(known.ptr(), (nodes::is_node(waiting) ? get(waiting, "id"_n) : waiting).ptr()));
    dict_set(attributes, "cached_nodeids"_n, known);
    set(a[0], "_waiting_texts"_n, tuple_of());
    set(a[0], "_waiting_items"_n, tuple_of());
    return known;
}

object set_cached_ids(Args a) {
    dict_set(get(a[0], "__dict__"_n), "cached_nodeids"_n, a[1]);
    return none();
}

bool waits(handle self) { return !dict_get(get(self, "__dict__"_n), "cached_nodeids"_n).is_valid(); }

/// Whether different texts are different ids: nothing but brackets at the end could make them equal.
bool is_plain_text(handle text) {
    if (!PyUnicode_CheckExact(text.ptr())) return false;
    std::string shown = py::text(text);
    return shown.find('[') == std::string::npos || shown.ends_with(']');
}

object init_plugin(Args a) {
    set(a[0], "config"_n, a[1]);
    set(a[0], "active"_n, get(get(a[1], "option"_n), "newfirst"_n));
    object texts = call_method(get(a[1], "cache"_n), "get"_n, str("cache/nodeids"), new_list());
    set(a[0], "_waiting_texts"_n, texts);
    set(a[0], "_waiting_items"_n, tuple_of());
    bool plain = PyList_CheckExact(texts.ptr());
    if (plain)
        for (object text : each(texts)) plain = plain && is_plain_text(text);
    if (!plain || believes_in_lookers() || truth(get(a[0], "active"_n))) get(a[0], "cached_nodeids"_n);
    return none();
}

/// Items of the newest files first.
object newest_first(handle items) {
    struct Dated {
        double time;
        object item;
    };
    std::vector<Dated> dated;
    for (object each_item : each(items)) {
        object status = call_method(get(each_item, "path"_n), "stat"_n);
        dated.push_back({to_double(get(status, "st_mtime"_n)), each_item});
    }
    std::stable_sort(dated.begin(), dated.end(), [](const Dated& x, const Dated& y) { return x.time > y.time; });
    object sorted = new_list();
    for (const Dated& entry : dated) append(sorted, entry.item);
    return sorted;
}

/// The NodeIds of the items, as far as they exist, and the other items; null when there are ids of other classes.
object waiting_items(handle items) {
    object waiting = new_list();
    for (object each_item : each(items)) {
        bool planned = nodes::has_planned_id(each_item);
        object entry = planned ? each_item : get(each_item, "id"_n);
        if (!planned && Py_TYPE(entry.ptr()) != reinterpret_cast<PyTypeObject*>(global<"nodeid", "NodeId">().ptr()))
            return {};
        append(waiting, entry);
    }
    return waiting;
}

/// Whether the text of an id gives the same id again.
bool reads_back(const nodes::PlannedId& id) {
    Py_ssize_t names = 0;
    for (std::size_t at = id.names.find("::"); at != std::string::npos; at = id.names.find("::", at + 1)) ++names;
    return names == id.depth && id.path.find("::") == std::string::npos && id.names.find('[') == std::string::npos;
}

/// The texts of all ids, sorted; null when they have to be made of the ids.
object waiting_texts(handle self) {
    object texts = to_list(get(self, "_waiting_texts"_n));
    for (object waiting : each(get(self, "_waiting_items"_n))) {
        nodes::PlannedId id = nodes::is_node(waiting) ? nodes::planned_id(waiting) : nodes::parts_of_id(waiting);
        if (!reads_back(id)) return {};
        append(texts, str(id.path + id.names + id.params));
    }
    check(PyList_Sort(texts.ptr()));  // they come nearly in order
    object made = new_list();
    handle last;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(texts.ptr()); ++i) {
        handle text = PyList_GET_ITEM(texts.ptr(), i);
        if (!last.is_valid() || PyUnicode_Compare(last.ptr(), text.ptr()) != 0) append(made, text);
        last = text;
    }
    return made;
}

Generator modify_items(OwnedArgs a) {
    object result = co_yield none();
    handle self = a[0], items = a[1];
    object waiting = !truth(get(self, "active"_n)) && waits(self) ? waiting_items(items) : object();
    if (g_late_ids.take(waiting.is_valid())) {
        set(self, "_waiting_items"_n, to_tuple(waiting));
        co_return result;
    }
    object known = get(self, "cached_nodeids"_n), fresh = new_dict(), old = new_dict();
    if (truth(get(self, "active"_n))) {
        for (object each_item : each(items)) {
            object id = get(each_item, "id"_n);
            dict_set(contains(known, id) ? old : fresh, id, each_item);
        }
        object ordered = call_method(self, "_get_increasing_order"_n, call_method(fresh, "values"_n));
        call_method(ordered, "extend"_n, call_method(self, "_get_increasing_order"_n, call_method(old, "values"_n)));
        check(PySequence_SetSlice(items.ptr(), 0, length(items), ordered.ptr()));
        call_method(known, "update"_n, fresh);
    } else {
        for (object each_item : each(items)) check(PySet_Add(known.ptr(), get(each_item, "id"_n).ptr()));
    }
    co_return result;
}

void save(handle self) {
    object config = get(self, "config"_n);
    if (!writes_cache(config) || truth(call_method(config, "getoption"_n, str("collectonly")))) return;
    object ids = waits(self) ? waiting_texts(self) : object();
    if (!ids.is_valid()) {
        ids = new_list();
        for (object id : each(get(self, "cached_nodeids"_n))) append(ids, to_str(id));
        check(PyList_Sort(ids.ptr()));
    }
    store(config, "cache/nodeids", ids, self, "_write_nodeids"_n);
}

object session_finish(Args a) {
    save(a[0]);
    set(a[0], "_waiting_items"_n, tuple_of());  // items die with the session
    return none();
}

}  // namespace

void define_new_first(Module& m) {
    m.cls("NFPlugin")
        .doc("Plugin of the --nf (run new-first) option.")
        .def("__init__", "self, config", init_plugin)
        .prop("cached_nodeids", cached_ids, set_cached_ids)
        .wrapper("pytest_collection_modifyitems", "self, items", modify_items, {.tryfirst = true})
        .def("_get_increasing_order", "self, items", [](Args a) { return newest_first(a[1]); })
        .def("pytest_sessionfinish", "self", session_finish)
        .make();
}

}  // namespace fastest::builtin
