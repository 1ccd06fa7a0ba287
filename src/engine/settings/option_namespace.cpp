// `config.option`: a bag of attributes that behaves as `argparse.Namespace` does, without importing argparse.

#include "engine/settings/argparsing.h"

namespace fastest::settings {
namespace {

using namespace py::literals;
using py::Args;
using py::handle;
using py::object;

object attributes(handle self) { return py::get(self, "__dict__"_n); }

object init(Args a) {
    py::check(PyDict_Update(attributes(a[0]).ptr(), a[1].ptr()));
    return py::none();
}

object show(Args a) {
    std::string text, strange;
    for (object entry : py::each(py::call_method(attributes(a[0]), "items"_n))) {
        object name = py::item(entry, py::integer(0)), value = py::repr_of(py::item(entry, py::integer(1)));
        if (PyUnicode_IsIdentifier(name.ptr())) text += py::cat(text.empty() ? "" : ", ", name, "=", value);
        else strange += py::cat(strange.empty() ? "" : ", ", py::repr_of(name), ": ", value);
    }
    if (!strange.empty()) text += py::cat(text.empty() ? "" : ", ", "**{", strange, "}");
    return py::str("Namespace(" + text + ")");
}

object same(Args a) {
    object other = py::try_get(a[1], "__dict__"_n);
    bool alike = Py_TYPE(a[0].ptr()) == Py_TYPE(a[1].ptr()) ||
                 std::string_view(Py_TYPE(a[1].ptr())->tp_name) == "Namespace";
    if (!alike || !other.is_valid()) return py::borrow(Py_NotImplemented);
    return py::boolean(py::equal(attributes(a[0]), other));
}

/// Who knows `argparse.Namespace` finds an instance of it.
object apparent_class(Args a) {
    if (object argparse = py::loaded_module("argparse"_n); argparse.is_valid())
        return py::get(argparse, "Namespace"_n);
    return py::borrow(py::type_of(a[0]));
}

object reduce(Args a) {
    return py::tuple_of(py::lookup("argparse", "Namespace"_n), py::check(PyTuple_New(0)), attributes(a[0]));
}

object holds(Args a) { return py::boolean(py::contains(attributes(a[0]), a[1])); }

}  // namespace

void define_namespace(py::Module& m) {
    m.cls("Namespace")
        .attr("__module__", py::str("argparse"))
        .attr("__hash__", Py_None)
        .def("__init__", "self, **kwargs", init)
        .def("__repr__", "self", show)
        .def("__eq__", "self, other", same)
        .prop("__class__", apparent_class)
        .def("__reduce_ex__", "self, protocol", reduce, "Copies and pickles are argparse's.")
        .def("__contains__", "self, key", holds)
        .doc("The values of options, as attributes.")
        .make();
}

}  // namespace fastest::settings
