// `PyobjMixin`: nodes that stand for a Python object.

#include "engine/collect/python_nodes.h"
#include "engine/nodes/failure.h"
#include "engine/nodes/ours.h"
#include "engine/py/python_function.h"
#include "engine/py/short_cut.h"

namespace fastest::collect {
namespace {

using py::Args;

object read_obj(handle self) {
    if (nodes::Node* node = nodes::as_node(self);
        node && nodes::field(node, nodes::kObj).is_valid() && !(node->pending & nodes::kPendingObject) &&
        !py::is_none(nodes::field(node, nodes::kObj)) && nodes::reads_field(Py_TYPE(self.ptr()), nodes::kObj))
        return py::borrow(nodes::field(node, nodes::kObj));
    object obj = py::try_get(self, "_obj"_n);
    if (obj.is_valid() && !py::is_none(obj)) return obj;
    obj = py::call_method(self, "_getobj"_n);
    py::set(self, "_obj"_n, obj);
    // Functions take their marks when they are made.
    if (py::truth(py::get(self, "_ALLOW_MARKERS"_n))) add_own_marks(self, unpacked_marks(py::get(self, "obj"_n)));
    return obj;
}

object set_obj(Args a) {
    py::set(a[0], "_obj"_n, a[1]);
    return py::none();
}

object getobj(Args a) {
    object parent = nodes::parent_of(a[0]);
    if (py::is_none(parent)) py::raise(PyExc_AssertionError, "");
    return py::get(obj_of(parent), nodes::name_of(a[0]));
}

/// Whether a node stands directly in one of the engine's own modules.
bool stands_in_module(handle node) {
    const nodes::Node* raw = nodes::as_node(node);
    handle parent = raw ? nodes::field(raw, nodes::kParent) : handle();
    return parent.is_valid() && py::type_of(parent).is(module_class()) &&
           nodes::reads_field(Py_TYPE(node.ptr()), nodes::kParent);
}

object modpath(handle node, bool stop_at_module, bool include_module) {
    if (stop_at_module && !include_module && stands_in_module(node))
        if (object name = nodes::name_of(node); PyUnicode_CheckExact(name.ptr())) return name;
    object names = py::new_list();
    for (object at = py::borrow(node); !py::is_none(at); at = nodes::parent_of(at)) {
        object name = nodes::name_of(at);
        if (py::is_instance(at, module_class())) {
            name = py::item(py::call(py::lookup("os.path", "splitext"_n), name), py::integer(0));
            if (stop_at_module) {
                if (include_module) py::append(names, name);
                break;
            }
        }
        py::append(names, name);
    }
    py::check(PyList_Reverse(names.ptr()));
    return py::call_method(py::str("."), "join"_n, names);
}

/// The code of a function that stands for itself: it wraps nothing and has no attributes. Null for everything else.
handle own_code(handle obj) {
    handle function = py::function_of(obj);
    if (!PyFunction_Check(function.ptr()) || py::has_attributes(function)) return {};
    return PyFunction_GET_CODE(function.ptr());
}

py::ShortCut g_source_paths{
    "collect.source_paths",
    "The file of a plain function is found once a session for each file name in code objects. Seen by patches "
    "of getfslineno, and by functions that wrap others or have attributes."};

/// (path, 0-based line). For plain functions the path is found once a session for each file name.
object source_of(handle node) {
    object obj = py::get(node, "obj"_n);
    handle code = own_code(obj);
    const nodes::Node* raw = nodes::as_node(node);
    handle session = raw ? nodes::field(raw, nodes::kSession) : handle();
    object find = py::lookup("_pytest._code.code", "getfslineno"_n);
    if (!g_source_paths.take(code.is_valid() && session.is_valid() && nodes::short_cuts(session) &&
                             find.is(py::global<"code_frames", "getfslineno">())))
        return py::call(find, obj);
    object memory = nodes::session_memory(session, "source_paths"_n);
    handle name = reinterpret_cast<PyCodeObject*>(code.ptr())->co_filename;
    object path = py::dict_get(memory, name);
    if (!path.is_valid()) {
        path = py::item(py::call(find, obj), py::integer(0));
        py::dict_set(memory, name, path);
    }
    return py::tuple_of(path, py::integer(reinterpret_cast<PyCodeObject*>(code.ptr())->co_firstlineno - 1));
}

object reportinfo(Args a) {
    object place = source_of(a[0]);
    return py::tuple_of(py::item(place, py::integer(0)), py::item(place, py::integer(1)),
                        py::call_method(a[0], "getmodpath"_n));
}

}  // namespace

object obj_of(handle node) { return py::get(node, "obj"_n); }

object closest_object(handle node, handle type) {
    object found = py::call_method(node, "getparent"_n, type);
    return py::is_none(found) ? found : obj_of(found);
}

object unpacked_marks(handle obj) { return py::call(py::lookup("_pytest.mark.structures", "get_unpacked_marks"_n), obj); }

void add_own_marks(handle node, handle marks) {
    object own = nodes::own_markers_of(node);
    py::call_method(own, "extend"_n, marks);
    if (!py::truth(own)) return;
    object pairs = py::new_list();
    for (object mark : py::each(own)) py::append(pairs, py::tuple_of(py::get(mark, "name"_n), mark));
    py::call_method(nodes::keywords_of(node), "update"_n, pairs);
}

void define_pyobj(py::Module& m) {
    m.cls("PyobjMixin", {py::global<"nodes", "Node">()})
        .doc("What collectors and items of Python objects have in common.")
        .attr("_ALLOW_MARKERS", Py_True)
        .attr("_obj", nodes::pending_descriptor("_obj", nodes::kObj, object_of_function))
        .prop(
            "module", [](Args a) { return closest_object(a[0], module_class()); }, nullptr,
            "The Python module this node was collected from, or None.")
        .prop(
            "cls", [](Args a) { return closest_object(a[0], py::global<"python", "Class">()); }, nullptr,
            "The Python class this node was collected from, or None.")
        .prop(
            "instance", [](Args) { return py::none(); }, nullptr,
            "The instance that a test method is bound to; None for everything else.")
        .prop(
            "obj", [](Args a) { return read_obj(a[0]); }, set_obj, "The Python object this node stands for.")
        .def("_getobj", "self", getobj)
        .def(
            "getmodpath", "self, stopatmodule=True, includemodule=False",
            [](Args a) { return modpath(a[0], py::truth(a[1]), py::truth(a[2])); },
            "The dotted names from the module down to this node.")
        .def("reportinfo", "self", reportinfo)
        .make();
}

}  // namespace fastest::collect
