// `Package`: directories with an `__init__.py`.

#include "engine/collect/python_nodes.h"

namespace fastest::collect {
namespace {

using py::Args;

object package_init(Args a) {
    object parent = py::borrow(a[2]);
    object keywords = py::new_dict();
    py::dict_set(keywords, "fspath"_n, a[1]);
    py::dict_set(keywords, "path"_n, a[6]);
    py::dict_set(keywords, "parent"_n, parent);
    py::dict_set(keywords, "config"_n, a[3]);
    py::dict_set(keywords, "session"_n, py::get(parent, "session"_n));
    py::dict_set(keywords, "nodeid"_n, a[5]);
    return nodes::call_super(py::global<"python", "Package">(), a[0], "__init__"_n, py::tuple_of(), keywords);
}

/// Package-level setup is no fixture: autouse fixtures of packages are not called for all tests below.
object package_setup(Args a) {
    object path = join_path(py::get(a[0], "path"_n), "__init__.py"_n);
    object module = py::call(py::lookup("_pytest.python", "importtestmodule"_n), path, py::get(a[0], "config"_n));
    object before = first_plain_function(module, py::tuple_of("setUpModule"_n, "setup_module"_n));
    if (!py::is_none(before)) call_with_optional_argument(before, module);
    object after = first_plain_function(module, py::tuple_of("tearDownModule"_n, "teardown_module"_n));
    if (!py::is_none(after)) {
        object finish = py::call(py::lookup("_functools", "partial"_n),
                                 py::lookup("_pytest.python", "_call_with_optional_argument"_n), after, module);
        py::call_method(a[0], "addfinalizer"_n, finish);
    }
    return py::none();
}

object init_first(Args a) {
    object name = py::get(a[0], "name"_n);
    return py::tuple_of(py::boolean(!py::equal(name, "__init__.py"_n)), name);
}

}  // namespace

void define_package(py::Module& m) {
    m.cls("Package", {py::global<"nodes", "Directory">()})
        .doc("Collector of a directory with an `__init__.py`.")
        .def("__init__", "self, fspath, parent, config=None, session=None, nodeid=None, path=None", package_init)
        .def("setup", "self", package_setup)
        .generator("collect", "self",
                   [](py::OwnedArgs a) {
                       return collect_entries(py::borrow(a[0]), py::make_function("sort_key", "entry", init_first));
                   })
        .make();
}

}  // namespace fastest::collect
