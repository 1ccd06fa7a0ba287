// Noticing the import of `logging`.
//
// Importing it takes longer than the start of a run should, and most of what the plugin does is only of use once somebody
// logs. The import hook of assertion rewriting is asked about every module that is imported: on the instance its `find_spec`
// is overlaid until `logging` is asked for; then the loader of that module is wrapped for the time of loading.

#include "engine/builtin/logging_plugin.h"

namespace fastest::builtin {

namespace {

handle part(py::Args a, Py_ssize_t index) { return PyTuple_GET_ITEM(a.closure().ptr(), index); }

/// The finder on `sys.meta_path` that rewrites assertions; null when there is none.
object rewriting_hook() {
    object name = py::str("_pytest.assertion.rewrite");
    object module = py::steal(PyImport_GetModule(name.ptr()));
    if (!module.is_valid()) return {};
    object type = py::get(module, "AssertionRewritingHook"_n);
    for (object finder : py::each(py::lookup("sys", "meta_path"_n)))
        if (py::is_instance(finder, type)) return finder;
    return {};
}

/// The spec that the finders after `hook` give.
object spec_of_others(handle hook, handle name, handle path, handle target) {
    bool after = false;
    for (object finder : py::each(py::to_list(py::lookup("sys", "meta_path"_n)))) {
        if (finder.is(hook)) {
            after = true;
            continue;
        }
        if (!after) continue;
        object find = py::try_get(finder, "find_spec"_n);
        if (!find.is_valid()) continue;
        object spec = py::call(find, name, path, target);
        if (!py::is_none(spec)) return spec;
    }
    return py::none();
}

/// `self._loader` loads; then the module has it as its loader, as if this one had never been, and `self._loaded()` is called.
object exec_module(py::Args a) {
    object loader = py::get(a[0], "_loader"_n);
    object spec = py::get(a[1], "__spec__"_n);
    py::set(spec, "loader"_n, loader);
    py::set(a[1], "__loader__"_n, loader);
    py::call_method(loader, "exec_module"_n, a[1]);
    py::call(py::get(a[0], "_loaded"_n));
    return py::none();
}

/// `closure`: (hook, its own bound find_spec, on_loaded).
object find_spec(py::Args a) {
    object hook = py::borrow(part(a, 0)), original = py::borrow(part(a, 1)), loaded = py::borrow(part(a, 2));
    object spec = py::call(original, a[0], a[1], a[2]);
    if (!py::is_str(a[0]) || PyUnicode_CompareWithASCIIString(a[0].ptr(), "logging") != 0) return spec;
    py::dict_remove(py::get(hook, "__dict__"_n), "find_spec"_n);
    if (py::is_none(spec)) spec = spec_of_others(hook, a[0], a[1], a[2]);
    if (py::is_none(spec)) return spec;
    object loader = py::call(py::global<"logging_import", "_Loader">(), py::get(spec, "loader"_n), loaded);
    py::set(spec, "loader"_n, loader);
    return spec;
}

}  // namespace

bool watch_logging_import(handle on_loaded) {
    object hook = rewriting_hook();
    if (!hook.is_valid()) return false;
    object original = py::get(hook, "find_spec"_n);
    object overlay = py::make_function("find_spec", "name, path=None, target=None", &find_spec,
                                       py::tuple_of(hook, original, on_loaded));
    py::dict_set(py::get(hook, "__dict__"_n), "find_spec"_n, overlay);
    return true;
}

FASTEST_MODULE(logging_import, "_pytest.logging") {
    m.cls("_Loader")
        .def("__init__", "self, loader, loaded",
             [](py::Args a) -> object {
                 py::set(a[0], "_loader"_n, a[1]);
                 py::set(a[0], "_loaded"_n, a[2]);
                 return py::none();
             })
        .def("create_module", "self, spec",
             [](py::Args a) -> object { return py::call_method(py::get(a[0], "_loader"_n), "create_module"_n, a[1]); })
        .def("exec_module", "self, module", &exec_module)
        .def("__getattr__", "self, name",
             [](py::Args a) -> object { return py::get(py::get(a[0], "_loader"_n), a[1]); })
        .make();
}

}  // namespace fastest::builtin
