// `Dir`: directories that are no packages.

#include "engine/collect/python_nodes.h"
#include "engine/collect/session.h"

namespace fastest::collect {

void define_directory(py::Module& m) {
    using py::Args;
    m.cls("Dir", {py::global<"nodes", "Directory">()})
        .doc("Collector of the files and directories in a directory without `__init__.py`.")
        .attr("__final__", Py_True)
        .classmethod("from_parent", "cls, parent, *, path", [](Args a) {
            object keywords = py::new_dict();
            py::dict_set(keywords, "parent"_n, a[1]);
            py::dict_set(keywords, "path"_n, a[2]);
            return nodes::call_super(py::global<"main", "Dir">(), a[0], "from_parent"_n, py::tuple_of(), keywords);
        }, "The public constructor.")
        .generator("collect", "self", [](py::OwnedArgs a) { return collect_entries(py::borrow(a[0]), object()); })
        .make();
    m.def("pytest_collect_directory", "path, parent", [](Args a) {
        return py::call_kw(py::get(py::global<"main", "Dir">(), "from_parent"_n), {a[1]}, {{"path"_n, a[0]}});
    });
}

}  // namespace fastest::collect
