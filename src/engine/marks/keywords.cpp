// NodeKeywords: a node's own keywords in front of those of its parents.

#include "engine/marks/mark.h"

namespace fastest::marks {
namespace {

using namespace py;

object own(handle self) { return get(self, "_markers"_n); }
object parent_keywords(handle self) {
    object parent = get(self, "parent"_n);
    return is_none(parent) ? object() : get(parent, "keywords"_n);
}

object init(Args a) {
    set(a[0], "node"_n, a[1]);
    set(a[0], "parent"_n, get(a[1], "parent"_n));
    object markers = new_dict();
    dict_set(markers, get(a[1], "name"_n), Py_True);
    set(a[0], "_markers"_n, markers);
    return none();
}

object get_item(Args a) {
    object found = dict_get(own(a[0]), a[1]);
    if (found.is_valid()) return found;
    object above = parent_keywords(a[0]);
    if (above.is_valid()) return item(above, a[1]);
    PyErr_SetObject(PyExc_KeyError, a[1].ptr());
    throw nb::python_error();
}

object update(Args a) {
    object markers = own(a[0]);
    call_method(markers, "update"_n, a[1]);
    check(PyDict_Update(markers.ptr(), a[2].ptr()));
    return none();
}

/// The names of the node, then those that each parent adds. Goes up natively as long as the keywords are of our own class.
object all_names(handle self) {
    object names = new_dict();  // as an ordered set
    object keywords = borrow(self);
    while (keywords.is_valid()) {
        if (Py_TYPE(keywords.ptr()) != Py_TYPE(self.ptr())) {
            for (object name : each(keywords)) dict_set(names, name, Py_None);
            break;
        }
        check(PyDict_Merge(names.ptr(), own(keywords).ptr(), 0));
        keywords = parent_keywords(keywords);
    }
    return to_list(names);
}

object contains_name(Args a) {
    if (contains(own(a[0]), a[1])) return boolean(true);
    object above = parent_keywords(a[0]);
    return boolean(above.is_valid() && contains(above, a[1]));
}

}  // namespace

void define_keywords(Module& m) {
    m.cls("NodeKeywords", {lookup("collections.abc", "MutableMapping"_n)})
        .doc("The keywords of a node and of its parents. Nothing can be deleted.")
        .slots({"_markers", "node", "parent"})
        .def("__init__", "self, node", init)
        .def("__getitem__", "self, key", get_item)
        .def("__setitem__", "self, key, value",
             [](Args a) {
                 dict_set(own(a[0]), a[1], a[2]);
                 return none();
             })
        .def("__contains__", "self, key", contains_name)
        .def("update", "self, other=(), **kwds", update)
        .def("__delitem__", "self, key",
             [](Args) -> object { raise(PyExc_ValueError, "cannot delete key in keywords dict"); })
        .def("__iter__", "self", [](Args a) { return check(PyObject_GetIter(all_names(a[0]).ptr())); })
        .def("__len__", "self", [](Args a) { return integer(length(all_names(a[0]))); })
        .def("__repr__", "self", [](Args a) { return strcat("<NodeKeywords for node ", get(a[0], "node"_n), ">"); })
        .make();
}

}  // namespace fastest::marks
