// --nf.

#include <algorithm>

#include "engine/builtin/cache.h"

namespace fastest::builtin {

using namespace py;

namespace {

object init_plugin(Args a) {
    set(a[0], "config"_n, a[1]);
    set(a[0], "active"_n, get(get(a[1], "option"_n), "newfirst"_n));
    object known = check(PySet_New(nullptr));
    for (object text : each(call_method(get(a[1], "cache"_n), "get"_n, str("cache/nodeids"), new_list())))
        check(PySet_Add(known.ptr(), parse_node_id(text).ptr()));
    set(a[0], "cached_nodeids"_n, known);
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

Generator modify_items(OwnedArgs a) {
    object result = co_yield none();
    handle self = a[0], items = a[1];
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

object session_finish(Args a) {
    object config = get(a[0], "config"_n);
    if (!writes_cache(config) || truth(call_method(config, "getoption"_n, str("collectonly")))) return none();
    object ids = new_list();
    for (object id : each(get(a[0], "cached_nodeids"_n))) append(ids, to_str(id));
    check(PyList_Sort(ids.ptr()));
    store(config, "cache/nodeids", ids, a[0], "_write_nodeids"_n);
    return none();
}

}  // namespace

void define_new_first(Module& m) {
    m.cls("NFPlugin")
        .doc("Plugin of the --nf (run new-first) option.")
        .def("__init__", "self, config", init_plugin)
        .wrapper("pytest_collection_modifyitems", "self, items", modify_items, {.tryfirst = true})
        .def("_get_increasing_order", "self, items", [](Args a) { return newest_first(a[1]); })
        .def("pytest_sessionfinish", "self", session_finish)
        .make();
}

}  // namespace fastest::builtin
