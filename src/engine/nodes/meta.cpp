// The metaclass of nodes: no direct construction, tolerance for constructors that are not cooperative.

#include "engine/nodes/meta.h"

#include "engine/py/facade_warning.h"

namespace fastest::nodes {
namespace {

using py::Args;

object refuse_construction(Args a) {
    std::string name = py::cat(py::get(a[0], "__module__"_n), ".", py::get(a[0], "__name__"_n));
    py::call_kw(py::lookup("_pytest.outcomes", "fail"_n),
                {py::strcat("Direct construction of ", name, " has been deprecated, please use ", name,
                            ".from_parent.\nSee https://docs.pytest.org/en/stable/deprecations.html"
                            "#node-construction-changed-to-node-from-parent for more details.")},
                {{"pytrace"_n, Py_False}});
    return py::none();
}

object construct(handle type, handle args, handle kwargs) {
    return py::check(PyType_Type.tp_call(type.ptr(), args.ptr(), kwargs.ptr()));
}

/// Of the keywords, those that the class's `__init__` names.
object keywords_of_init(handle type, handle kwargs) {
    object parameters = py::get(py::call(py::lookup("inspect", "signature"_n), py::get(type, "__init__"_n)), "parameters"_n);
    object known = py::new_dict();
    for (object name : py::each(kwargs))
        if (py::contains(parameters, name)) py::dict_set(known, name, py::item(kwargs, name));
    return known;
}

object create(Args a) {
    handle type = a[0], args = a[1], kwargs = a[2];
    try {
        return construct(type, args, kwargs);
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_TypeError)) throw;
        py::Handling handling(error);
        object known = keywords_of_init(type, kwargs);
        object names = py::check(PySet_New(known.ptr()));
        object text = py::strcat(type, " is not using a cooperative constructor and only takes ", names,
                                 ".\nSee https://docs.pytest.org/en/stable/deprecations.html"
                                 "#constructors-of-custom-pytest-node-subclasses-should-take-kwargs for more details.");
        py::warn_from("_pytest.nodes",
                      py::call(py::lookup("_pytest.warning_types", "PytestDeprecationWarning"_n), text));
        return construct(type, args, known);
    }
}

}  // namespace

object create_node(handle type, handle args, handle kwargs) {
    return py::call_ex(py::get(type, "_create"_n), args, kwargs);
}

void define_meta(py::Module& m) {
    m.cls("NodeMeta", {py::lookup("abc", "ABCMeta"_n)})
        .doc("Refuses direct construction of nodes: they are made by `from_parent`.")
        .def("__call__", "cls, *k, **kw", refuse_construction)
        .def("_create", "cls, *k, **kw", create)
        .make();
}

}  // namespace fastest::nodes
