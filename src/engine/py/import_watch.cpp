#include "engine/py/import_watch.h"

#include "engine/py/finally.h"

namespace fastest::py {
namespace {

handle part(Args a, Py_ssize_t index) { return PyTuple_GET_ITEM(a.closure().ptr(), index); }

void take_off(handle finder) {
    object path = lookup("sys", "meta_path"_n);
    if (contains(path, finder)) call_method(path, "remove"_n, finder);
}

/// The function for a module, which the finder waits for no longer.
object take_function(handle finder, handle name) {
    object functions = get(finder, "functions"_n), then = dict_get(functions, name);
    if (then.is_valid()) dict_remove(functions, name);
    if (!truth(functions)) take_off(finder);
    return then;
}

/// Closure: (loader, what was on the instance before or None, finder, name).
object exec_module(Args a) {
    handle loader = part(a, 0), before = part(a, 1);
    if (is_none(before))
        del(loader, "exec_module"_n);
    else
        set(loader, "exec_module"_n, before);
    object then = take_function(part(a, 2), part(a, 3));
    call_method(loader, "exec_module"_n, a[0]);
    if (then.is_valid()) call(then, a[0]);
    return none();
}

/// The spec that the finders behind this one give.
object spec_of_others(handle finder, handle name, handle search) {
    object path = lookup("sys", "meta_path"_n), spec;
    bool listed = contains(path, finder);
    take_off(finder);
    py::finally([&] { spec = call(lookup("_frozen_importlib", "_find_spec"_n), name, search); },
                [&] {
                    if (listed) call_method(path, "insert"_n, integer(0), finder);
                });
    return spec;
}

/// A meta path finder that knows some modules, each until it has been executed: others only ask where it would come
/// from.
object find_spec(Args a) {
    if (!watches(a[0], a[1])) return none();
    object spec = spec_of_others(a[0], a[1], a[2]);
    if (is_none(spec) || is_none(get(spec, "loader"_n))) return spec;
    object loader = get(spec, "loader"_n);
    object before = dict_get(get(loader, "__dict__"_n), "exec_module"_n);
    object closure = tuple_of(loader, before.is_valid() ? before : none(), a[0], a[1]);
    set(loader, "exec_module"_n, make_function("exec_module", "module", exec_module, closure));
    return spec;
}

}  // namespace

bool is_import_watch(handle finder) { return type_of(finder).is(global<"import_watch", "ImportWatcher">()); }

bool watches(handle finder, handle name) { return dict_get(get(finder, "functions"_n), name).is_valid(); }

object watching_function(handle name) {
    for (object finder : each(lookup("sys", "meta_path"_n)))
        if (is_import_watch(finder) && watches(finder, name)) return dict_get(get(finder, "functions"_n), name);
    return {};
}

object watch_imports(handle functions) {
    object finder = call(global<"import_watch", "ImportWatcher">());
    set(finder, "functions"_n, functions);
    call_method(lookup("sys", "meta_path"_n), "insert"_n, integer(0), finder);
    return make_function(
        "end_watch", "",
        [](Args a) {
            take_off(a.closure());
            return none();
        },
        finder);
}

object watch_import(const char* name, handle then) {
    object functions = new_dict();
    dict_set(functions, str(name), then);
    return watch_imports(functions);
}

FASTEST_MODULE(import_watch, "fastest._engine") {
    m.cls("ImportWatcher").def("find_spec", "self, name, path=None, target=None", find_spec).make();
}

}  // namespace fastest::py
