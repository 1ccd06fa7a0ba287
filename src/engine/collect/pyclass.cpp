// `Class`: test classes.

#include "engine/collect/python_nodes.h"
#include "engine/nodes/node.h"

namespace fastest::collect {
namespace {

using py::Args;

object from_parent(Args a) {
    py::dict_set(a[4], "parent"_n, a[1]);
    py::dict_set(a[4], "name"_n, a[2]);
    return nodes::call_super(py::global<"python", "Class">(), a[0], "from_parent"_n, py::tuple_of(), a[4]);
}

/// Whether a class defines a special method that is not `object`'s.
bool overrides(handle obj, handle name) {
    object own = py::get_or(obj, name, Py_None);
    if (!py::truth(own)) return false;
    object plain = py::get(py::type_object(PyBaseObject_Type), name);
    int differs = PyObject_RichCompareBool(own.ptr(), plain.ptr(), Py_NE);
    py::check(differs);
    return differs != 0;
}

/// Says why a class with a constructor of its own is left out.
bool refused(handle self, handle obj) {
    for (handle constructor : {"__init__"_n, "__new__"_n}) {
        if (!overrides(obj, constructor)) continue;
        object text = py::strcat("cannot collect test class ", py::repr_of(py::get(obj, "__name__"_n)), " because it has a ",
                                 constructor, " constructor (from: ", nodes::nodeid_of(nodes::parent_of(self)), ")");
        py::call_method(self, "warn"_n, py::call(py::lookup("_pytest.warning_types", "PytestCollectionWarning"_n), text));
        return true;
    }
    return false;
}

object collect(Args a) {
    handle self = a[0];
    object obj = py::get(self, "obj"_n);
    if (!py::truth(py::call(py::lookup("_pytest.compat", "safe_getattr"_n), obj, "__test__"_n, Py_True)) ||
        refused(self, obj))
        return py::new_list();
    py::call_method(self, "_register_setup_class_fixture"_n);
    py::call_method(self, "_register_setup_method_fixture"_n);
    object manager = py::get(py::get(self, "session"_n), "_fixturemanager"_n);
    py::call_method_kw(manager, "parsefactories"_n, {},
                       {{"holder"_n, py::call_method(self, "newinstance"_n)}, {"node"_n, self}});
    return nodes::call_super(py::global<"python", "Class">(), self, "collect"_n, py::tuple_of());
}

}  // namespace

void define_class(py::Module& m) {
    m.def("hasinit", "obj", [](Args a) { return py::boolean(overrides(a[0], "__init__"_n)); });
    m.def("hasnew", "obj", [](Args a) { return py::boolean(overrides(a[0], "__new__"_n)); });
    m.cls("Class", {m.get("PyCollector")})
        .doc("Collector of the test methods and nested classes in a Python class.")
        .classmethod("from_parent", "cls, parent, *, name, obj=None, **kw", from_parent, "The public constructor.")
        .def("newinstance", "self", [](Args a) { return py::call(py::get(a[0], "obj"_n)); })
        .def("collect", "self", collect)
        .def("_register_setup_class_fixture", "self", [](Args a) {
            register_class_setup(a[0]);
            return py::none();
        })
        .def("_register_setup_method_fixture", "self", [](Args a) {
            register_method_setup(a[0]);
            return py::none();
        })
        .make();
}

}  // namespace fastest::collect
