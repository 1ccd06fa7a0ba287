// Which kind of object is compared: `_pytest.assertion._guards`, `_typing` and `highlight`.

#include "engine/explain/compare.h"
#include "engine/py/module.h"

namespace fastest::explain {

using py::Args;
using py::handle;
using py::object;
using namespace py::literals;

namespace {

bool is_instance_of(handle value, const char* type) {
    return py::is_instance(value, py::lookup("collections.abc", py::str(type)));
}

template <bool (*Test)(handle)>
object guard(Args a) {
    return py::boolean(Test(a[0]));
}

}  // namespace

bool is_sequence(handle value) {
    PyObject* raw = value.ptr();
    if (PyUnicode_Check(raw)) return false;
    if (PyList_Check(raw) || PyTuple_Check(raw) || PyBytes_Check(raw)) return true;
    return is_instance_of(value, "Sequence");
}

bool is_mapping(handle value) { return PyDict_Check(value.ptr()) || is_instance_of(value, "Mapping"); }

bool is_set(handle value) { return PyAnySet_Check(value.ptr()) || is_instance_of(value, "Set"); }

bool is_namedtuple(handle value) {
    if (!PyTuple_Check(value.ptr())) return false;
    object fields = py::try_get(value, "_fields"_n);
    return fields.is_valid() && !py::is_none(fields);
}

bool is_dataclass_like(handle value) {
    object type = PyType_Check(value.ptr()) ? py::borrow(value) : py::borrow(py::type_of(value));
    return py::has(type, "__dataclass_fields__"_n);
}

bool is_attrs(handle value) {
    object attributes = py::try_get(value, "__attrs_attrs__"_n);
    return attributes.is_valid() && !py::is_none(attributes);
}

bool is_iterable(handle value) {
    object iterator = py::steal(PyObject_GetIter(value.ptr()));
    if (!iterator.is_valid()) {
        nb::python_error error;
        if (!error.matches(PyExc_Exception)) throw error;
        return false;
    }
    return !PyUnicode_Check(value.ptr());
}

bool has_default_eq(handle value) {
    object compare = py::get(value, "__eq__"_n);
    if (PyMethod_Check(compare.ptr()) && py::is_native_function(PyMethod_GET_FUNCTION(compare.ptr()))) return true;
    object code = py::try_get(compare, "__code__"_n);
    object file = code.is_valid() ? py::try_get(code, "co_filename"_n) : object();
    if (!file.is_valid()) return true;
    if (is_attrs(value)) return py::contains(file, py::str("attrs generated "));
    return py::equal(file, py::str("<string>"));
}

// --- budgets ----------------------------------------------------------------------------------

Budget budget_of(handle budget) {
    return {static_cast<Py_ssize_t>(py::to_int(py::get(budget, "max_lines"_n))),
            static_cast<Py_ssize_t>(py::to_int(py::get(budget, "max_chars"_n)))};
}

object make_budget(Budget budget) {
    return py::call_kw(
        py::global<"assertion_typing", "TruncationBudget">(), {},
        {{"max_lines"_n, py::integer(budget.max_lines)}, {"max_chars"_n, py::integer(budget.max_chars)}});
}

object no_budget() { return py::borrow(py::global<"assertion_typing", "NO_TRUNCATION_BUDGET">()); }

// --- highlighting -----------------------------------------------------------------------------

object highlight(handle highlighter, handle text) { return py::call(highlighter, text); }

object highlight_diff(handle highlighter, handle text) {
    return py::call_kw(highlighter, {text}, {{"lexer"_n, py::str("diff")}});
}

object highlighted_lines(handle highlighter, handle text) {
    return py::call_method(highlight(highlighter, text), "splitlines"_n);
}

FASTEST_MODULE(assertion_typing, "_pytest.assertion._typing") {
    object type = m.cls("TruncationBudget")
                      .doc("How many lines and characters of an explanation are shown; 0 for no limit.")
                      .attr("DEFAULT_MAX_LINES", py::integer(8))
                      .attr("DEFAULT_MAX_CHARS", py::integer(640))
                      .dataclass("*, max_lines=8, max_chars=640", {.frozen = true})
                      .make();
    m.attr("NO_TRUNCATION_BUDGET",
           py::call_kw(type, {}, {{"max_lines"_n, py::integer(0)}, {"max_chars"_n, py::integer(0)}}));
}

FASTEST_MODULE(assertion_guards, "_pytest.assertion._guards") {
    m.def("issequence", "x", &guard<is_sequence>);
    m.def("istext", "x", [](Args a) { return py::boolean(py::is_str(a[0])); });
    m.def("ismapping", "x", &guard<is_mapping>);
    m.def("isset", "x", &guard<is_set>);
    m.def("isnamedtuple", "obj", &guard<is_namedtuple>);
    m.def("isdatacls", "obj", &guard<is_dataclass_like>);
    m.def("isattrs", "obj", &guard<is_attrs>);
    m.def("isiterable", "obj", &guard<is_iterable>);
    m.def("has_default_eq", "obj", &guard<has_default_eq>);
    m.def("dummy_highlighter", "source, lexer='python'", [](Args a) { return py::borrow(a[0]); }).attr("__module__") =
        py::str("_pytest.assertion.highlight");
}

}  // namespace fastest::explain
