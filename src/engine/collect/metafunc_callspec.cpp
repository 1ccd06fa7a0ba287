// CallSpec: one planned call of a parametrized test.

#include "engine/collect/metafunc.h"
#include "engine/collect/metafunc_ids.h"
#include "engine/marks/mark.h"
#include "engine/py/collector.h"
#include "engine/py/slots.h"

namespace fastest::collect {
namespace {

using namespace py;

object init(Args a) {
    set_raw(a[0], "params"_n, a.given(1) ? borrow(a[1]) : new_dict());
    set_raw(a[0], "indices"_n, a.given(2) ? borrow(a[2]) : new_dict());
    set_raw(a[0], "_arg2scope"_n, a.given(3) ? borrow(a[3]) : new_dict());
    set_raw(a[0], "_idlist"_n, a.given(4) ? borrow(a[4]) : check(PyTuple_New(0)));
    set_raw(a[0], "marks"_n, a.given(5) ? borrow(a[5]) : new_list());
    return none();
}

object copy_of(handle mapping) {
    object copy = new_dict();
    if (!PyDict_CheckExact(mapping.ptr()) || PyDict_GET_SIZE(mapping.ptr()))
        check(PyDict_Update(copy.ptr(), mapping.ptr()));
    return copy;
}

/// The dict of an instance of exactly CallSpec, whose fields are nowhere else; null when it has none.
handle fields_of(handle callspec) {
    if (!type_of(callspec).is(global<"metafunc", "CallSpec">())) return {};
    PyObject** fields = _PyObject_GetDictPtr(callspec.ptr());
    return fields ? *fields : nullptr;
}

object read(handle callspec, handle name) {
    handle fields = fields_of(callspec);
    object found = fields.is_valid() ? dict_get(fields, name) : object();
    return found.is_valid() ? found : get(callspec, name);
}

void write(handle callspec, std::initializer_list<Keyword> values) {
    for (const Keyword& value : values) {
        handle fields = fields_of(callspec);  // the first value makes them
        if (fields.is_valid())
            dict_set(fields, value.name, value.value);
        else
            set_raw(callspec, value.name, value.value);
    }
}

object setmulti(Args a) {
    return extended_call(
        a[0], {borrow(a[1]), borrow(a[2]), borrow(a[3]), borrow(a[4]), borrow(a[5]), borrow(a[6]), borrow(a[7])});
}

/// The ids joined by "-".
object make_id(Args a) {
    object ids = read(a[0], "_idlist"_n);
    if (PyList_CheckExact(ids.ptr()) && PyList_GET_SIZE(ids.ptr()) == 1 &&
        PyUnicode_CheckExact(PyList_GET_ITEM(ids.ptr(), 0)))
        return borrow(PyList_GET_ITEM(ids.ptr(), 0));
    return check(PyUnicode_Join("-"_n.ptr(), ids.ptr()));
}

object getparam(Args a) {
    object params = get(a[0], "params"_n);
    object found = steal(PyObject_GetItem(params.ptr(), a[1].ptr()));
    if (found.is_valid()) return found;
    nb::python_error error;
    if (!error.matches(PyExc_KeyError)) throw error;
    Handling handling(error);
    raise_from(call(PyExc_ValueError, a[1]), borrow(error.value()));
}

}  // namespace

void complain_of_lengths(Py_ssize_t first, Py_ssize_t second) {
    raise(PyExc_ValueError, second < first ? "zip() argument 2 is shorter than argument 1"
                                           : "zip() argument 2 is longer than argument 1");
}

object extended_call(handle callspec, const ParameterCall& extra) {
    object names = to_tuple(extra.argnames), values = to_tuple(extra.values);
    object params = copy_of(read(callspec, "params"_n)), indices = copy_of(read(callspec, "indices"_n)),
           scopes = copy_of(read(callspec, "_arg2scope"_n));
    Py_ssize_t count = PyTuple_GET_SIZE(names.ptr());
    for (Py_ssize_t i = 0; i < count; ++i) {
        handle name = PyTuple_GET_ITEM(names.ptr(), i);
        if (i >= PyTuple_GET_SIZE(values.ptr())) complain_of_lengths(count, PyTuple_GET_SIZE(values.ptr()));
        if (contains(params, name))
            raise(get(lookup("_pytest.nodes", "Collector"_n), "CollectError"_n),
                  cat(extra.nodeid, ": duplicate parametrization of ", repr_of(name)));
        dict_set(params, name, PyTuple_GET_ITEM(values.ptr(), i));
        dict_set(indices, name, extra.index);
        dict_set(scopes, name, extra.scope);
    }
    if (PyTuple_GET_SIZE(values.ptr()) > count) complain_of_lengths(count, PyTuple_GET_SIZE(values.ptr()));

    object ids = read(callspec, "_idlist"_n);
    if (!extra.id.is(marks::hidden_param())) {
        ids = to_list(ids);
        append(ids, extra.id);
    }
    object all_marks = to_list(read(callspec, "marks"_n));
    marks::append_normalized(all_marks, extra.marks);

    object result = allocate(global<"metafunc", "CallSpec">());
    untrack(scopes);  // members of Scope alone: no cycle goes through it, and another value would track it again
    write(result, {{"params"_n, params},
                   {"indices"_n, indices},
                   {"_arg2scope"_n, scopes},
                   {"_idlist"_n, ids},
                   {"marks"_n, all_marks}});
    return result;
}

void define_callspec(Module& m) {
    object type = m.cls("CallSpec")
                      .doc("A planned call of a parametrized test function; it becomes `item.callspec`.")
                      .dataclass("params=..., indices=..., _arg2scope=..., _idlist=..., marks=...",
                                 {.frozen = true, .init = false})
                      .def("__init__",
                           "self, params=dataclasses._HAS_DEFAULT_FACTORY, indices=dataclasses._HAS_DEFAULT_FACTORY, "
                           "_arg2scope=dataclasses._HAS_DEFAULT_FACTORY, _idlist=dataclasses._HAS_DEFAULT_FACTORY, "
                           "marks=dataclasses._HAS_DEFAULT_FACTORY",
                           init)
                      .def("setmulti", "self, *, argnames, valset, id, marks, scope, param_index, nodeid", setmulti)
                      .def("getparam", "self, name", getparam)
                      .prop("id", make_id)
                      .make();
    m.attr("_original_setmulti", get(type, "setmulti"_n));
}

}  // namespace fastest::collect
