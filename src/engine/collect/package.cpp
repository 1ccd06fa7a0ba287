// `Package`, and how the children of a directory are found.

#include "engine/collect/python_nodes.h"

namespace fastest::collect {
namespace {

using py::Args;

/// Paths that were given as arguments, or lead to them, are not ignored.
bool is_ignored(handle directory, handle ihook, handle path, bool with_parents) {
    object session = py::get(directory, "session"_n);
    object given = with_parents ? py::call_kw(py::get(session, "isinitpath"_n), {path}, {{"with_parents"_n, Py_True}})
                                : py::call_method(session, "isinitpath"_n, path);
    if (py::truth(given)) return false;
    return py::truth(py::call_named<"collection_path", "config">(py::get(ihook, "pytest_ignore_collect"_n), path,
                                                                 py::get(directory, "config"_n)));
}

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

py::Generator collect_entries(object directory, object sort_key) {
    object ihook = py::get(directory, "ihook"_n);
    for (object entry : py::each(scan_directory(py::get(directory, "path"_n), sort_key))) {
        if (is_directory(entry)) {
            object path = py::call(path_class(), py::get(entry, "path"_n));
            if (is_ignored(directory, ihook, path, true)) continue;
            object node = py::call_named<"path", "parent">(py::get(ihook, "pytest_collect_directory"_n), path, directory);
            if (!py::is_none(node)) co_yield node;
        } else if (is_file(entry)) {
            object path = py::call(path_class(), py::get(entry, "path"_n));
            if (is_ignored(directory, ihook, path, false)) continue;
            object made = py::call_named<"file_path", "parent">(py::get(ihook, "pytest_collect_file"_n), path, directory);
            for (object node : py::each(made)) co_yield node;
        }
    }
    co_return py::none();
}

void define_package(py::Module& m) {
    m.cls("Package", {py::global<"nodes", "Directory">()})
        .doc("Collector of a directory with an `__init__.py`.")
        .def("__init__", "self, fspath, parent, config=None, session=None, nodeid=None, path=None", package_init)
        .def("setup", "self", package_setup)
        .generator("collect", "self", [](py::OwnedArgs a) {
            return collect_entries(py::borrow(a[0]), py::make_function("sort_key", "entry", init_first));
        })
        .make();
}

}  // namespace fastest::collect
