// Typed storage that plugins hang on configs and nodes.

#include "engine/py/module.h"

namespace fastest::marks {
namespace {

using namespace py;

object storage(handle stash) { return get(stash, "_storage"_n); }

object init(Args a) {
    set(a[0], "_storage"_n, new_dict());
    return none();
}

object get_value(Args a) {
    object found = dict_get(storage(a[0]), a[1]);
    return found.is_valid() ? found : borrow(a[2]);
}

object setdefault(Args a) {
    PyObject* value = PyDict_SetDefault(storage(a[0]).ptr(), a[1].ptr(), a[2].ptr());
    if (!value) throw nb::python_error();
    return borrow(value);
}

object set_value(Args a) {
    dict_set(storage(a[0]), a[1], a[2]);
    return none();
}

object remove(Args a) {
    check(PyObject_DelItem(storage(a[0]).ptr(), a[1].ptr()));
    return none();
}

}  // namespace

FASTEST_MODULE(stash, "_pytest.stash") {
    m.cls("StashKey")
        .doc("Identity of one thing in a Stash. ``StashKey[T]()`` says the type of the value.")
        .slots({})
        .generic()
        .make();
    m.cls("Stash")
        .doc("A mapping whose keys are StashKeys, so that plugins cannot clash.")
        .slots({"_storage"})
        .def("__init__", "self", init)
        .def("__setitem__", "self, key, value", set_value)
        .def("__getitem__", "self, key", [](Args a) { return item(storage(a[0]), a[1]); })
        .def("get", "self, key, default", get_value)
        .def("setdefault", "self, key, default", setdefault)
        .def("__delitem__", "self, key", remove)
        .def("__contains__", "self, key", [](Args a) { return boolean(contains(storage(a[0]), a[1])); })
        .def("__len__", "self", [](Args a) { return integer(length(storage(a[0]))); })
        .make();
}

}  // namespace fastest::marks
