// Collectors: nodes with children, and those among them that stand for a path.

#include "engine/nodes/failure.h"
#include "engine/nodes/node.h"
#include "engine/nodes/nodeid.h"
#include "engine/nodes/paths.h"
#include "engine/py/pathlib_path.h"

namespace fastest::nodes {
namespace {

using py::Args;

object collector_repr_failure(Args a) {
    object value = py::get(a[1], "value"_n);
    object config = py::get(a[0], "config"_n);
    if (py::is_instance(value, py::get(a[0], "CollectError"_n)) &&
        !py::truth(option_of(config, "fulltrace"_n, Py_False)))
        return py::to_str(py::item(py::get(value, "args"_n), py::integer(0)));
    object style = option_of(config, "tbstyle"_n, "auto"_n);
    if (py::equal(style, "auto"_n)) style = py::str("short");
    return py::call_kw(py::get(a[0], "_repr_failure_py"_n), {a[1]}, {{"style"_n, style}});
}

object with_slashes(handle text) { return py::call_method(text, "replace"_n, py::str("\\"), py::str("/")); }

/// The name of a path below its parent's path; else its last part.
object default_name(handle path, handle parent) {
    if (!py::is_none(parent)) {
        object base = path_of(parent);
        if (!py::equal(base, path)) {
            object relative = relative_text(path, base);
            return with_slashes(relative.is_valid() ? relative : py::get(path, "name"_n));
        }
    }
    return py::get(path, "name"_n);
}

/// The NodeId of a path below rootdir or below an argument of the run; None for other paths.
object default_nodeid(handle path, handle session) {
    object root = py::get(py::get(session, "config"_n), "rootpath"_n);
    object text = relative_text(path, root);
    if (!text.is_valid())
        text = py::call(py::lookup("_pytest.nodes", "_check_initialpaths_for_relpath"_n),
                        py::get(session, "_initialpaths"_n), path);
    if (py::is_none(text)) return py::none();
    return make_nodeid(with_slashes(text), py::tuple_of(), Py_None);
}

object fs_init(Args a) {
    handle self = a[0], path_or_parent = a[2];
    object path = py::borrow(a[3]), name = py::borrow(a[4]), parent = py::borrow(a[5]), session = py::borrow(a[7]),
           nodeid = py::borrow(a[8]);
    if (py::truth(path_or_parent)) {
        object* target = nullptr;
        if (py::is_instance(path_or_parent, py::global<"nodes", "Node">()))
            target = &parent;
        else if (py::is_instance(path_or_parent, py::pathlib_path()))
            target = &path;
        if (target) {
            if (!py::is_none(*target)) py::raise(PyExc_AssertionError, "");
            *target = py::borrow(path_or_parent);
        }
    }
    if (py::is_none(path)) py::raise(PyExc_AssertionError, "");
    if (py::is_none(name)) name = default_name(path, parent);
    py::set(self, "path"_n, path);
    if (py::is_none(session)) {
        if (py::is_none(parent)) py::raise(PyExc_AssertionError, "");
        session = py::get(parent, "session"_n);
    }
    if (py::is_none(nodeid)) nodeid = default_nodeid(path, session);
    object keywords = py::new_dict();
    py::dict_set(keywords, "name"_n, name);
    py::dict_set(keywords, "parent"_n, parent);
    py::dict_set(keywords, "config"_n, a[6]);
    py::dict_set(keywords, "session"_n, session);
    py::dict_set(keywords, "nodeid"_n, nodeid);
    py::dict_set(keywords, "path"_n, path);
    return call_super(py::global<"nodes", "FSCollector">(), self, "__init__"_n, py::tuple_of(), keywords);
}

object fs_from_parent(Args a) {
    py::dict_set(a[4], "parent"_n, a[1]);
    py::dict_set(a[4], "fspath"_n, a[2]);
    py::dict_set(a[4], "path"_n, a[3]);
    return call_super(py::global<"nodes", "FSCollector">(), a[0], "from_parent"_n, py::tuple_of(), a[4]);
}

object relative_to_initial_paths(Args a) {
    if (py::contains(a[0], a[1])) return py::str("");
    for (object parent : py::each(py::get(a[1], "parents"_n)))
        if (py::contains(a[0], parent)) return py::to_str(py::call_method(a[1], "relative_to"_n, parent));
    return py::none();
}

}  // namespace

void define_collectors(py::Module& m) {
    object error = m.cls("CollectError", {PyExc_Exception})
                       .doc("An error in collection whose text alone is shown.")
                       .attr("__qualname__", py::str("Collector.CollectError"))
                       .make();
    object collector = m.cls("Collector", {m.get("Node")})
                           .doc("A node that makes child nodes by `collect()`.")
                           .attr("CollectError", error)
                           .def("collect", "self", [](Args) -> object {
                               py::raise(PyExc_NotImplementedError, "abstract");
                           }, "The child nodes of this collector, collectors and items.")
                           .abstract()
                           .def("repr_failure", "self, excinfo", collector_repr_failure,
                                "What to show for a failure of this collection.")
                           .def("_traceback_filter", "self, excinfo", [](Args a) { return collector_traceback(a[0], a[1]); })
                           .make();
    object fs = m.cls("FSCollector", {collector})
                    .doc("A collector of something in the file system.")
                    .def("__init__", "self, fspath=None, path_or_parent=None, path=None, name=None, parent=None, config=None, "
                                     "session=None, nodeid=None", fs_init)
                    .classmethod("from_parent", "cls, parent, *, fspath=None, path=None, **kw", fs_from_parent,
                                 "The public constructor.")
                    .make();
    m.cls("File", {fs}).doc("A collector of the tests in a file.").make();
    m.cls("Directory", {fs}).doc("A collector of the files and directories in a directory.").make();
    m.def("_check_initialpaths_for_relpath", "initial_paths, path", relative_to_initial_paths);
}

}  // namespace fastest::nodes
