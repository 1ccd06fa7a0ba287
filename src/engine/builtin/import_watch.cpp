#include "engine/builtin/import_watch.h"

#include "engine/collect/quick_import.h"
#include "engine/py/finally.h"

namespace fastest::builtin {

using namespace py;

namespace {

handle part(Args a, Py_ssize_t index) { return PyTuple_GET_ITEM(a.closure().ptr(), index); }

void forget(handle finder) {
    object path = lookup("sys", "meta_path"_n);
    if (contains(path, finder)) call_method(path, "remove"_n, finder);
}

/// Closure: (loader, what was on the instance before or None, finder).
object exec_module(Args a) {
    handle loader = part(a, 0), before = part(a, 1), finder = part(a, 2);
    if (is_none(before))
        del(loader, "exec_module"_n);
    else
        set(loader, "exec_module"_n, before);
    forget(finder);
    call_method(loader, "exec_module"_n, a[0]);
    call(get(finder, "then"_n), a[0]);
    return none();
}

/// The spec that the finders behind this one give.
object spec_of_others(handle finder, handle name, handle search) {
    object path = lookup("sys", "meta_path"_n), spec;
    bool listed = contains(path, finder);
    forget(finder);
    py::finally([&] { spec = call(lookup("_frozen_importlib", "_find_spec"_n), name, search); },
                [&] {
                    if (listed) call_method(path, "insert"_n, integer(0), finder);
                });
    return spec;
}

/// A meta path finder that knows one module, until it has been executed: others only ask where it would come from.
object find_spec(Args a) {
    if (!equal(a[1], get(a[0], "name"_n))) return none();
    object spec = spec_of_others(a[0], a[1], a[2]);
    if (is_none(spec)) return spec;
    object loader = get(spec, "loader"_n);
    object before = dict_get(get(loader, "__dict__"_n), "exec_module"_n);
    object closure = tuple_of(loader, before.is_valid() ? before : none(), a[0]);
    set(loader, "exec_module"_n, make_function("exec_module", "module", exec_module, closure));
    return spec;
}

}  // namespace

void watch_import(handle config, const char* name, handle then) {
    object finder = call(global<"import_watch", "ImportWatcher">());
    set(finder, "name"_n, str(name));
    set(finder, "then"_n, then);
    call_method(lookup("sys", "meta_path"_n), "insert"_n, integer(0), finder);
    object end = make_function(
        "forget_finder", "",
        [](Args a) {
            forget(a.closure());
            return none();
        },
        finder);
    call_method(config, "add_cleanup"_n, end);
}

FASTEST_MODULE(import_watch, "fastest._engine") {
    m.cls("ImportWatcher").def("find_spec", "self, name, path=None, target=None", find_spec).make();
    collect::finds_one_module(m.get("ImportWatcher"));
}

}  // namespace fastest::builtin
