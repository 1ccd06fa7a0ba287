// Mark and MarkDecorator, and how marks get onto objects and are read from them.

#include "engine/marks/mark.h"

namespace fastest::marks {
namespace {

using namespace py;

object new_instance(handle type) {
    return check(reinterpret_cast<PyTypeObject*>(type.ptr())->tp_alloc(reinterpret_cast<PyTypeObject*>(type.ptr()), 0));
}

void fill_mark(handle self, handle name, handle args, handle kwargs, handle ids_from, handle ids_generated) {
    set_raw(self, "name"_n, name);
    set_raw(self, "args"_n, args);
    set_raw(self, "kwargs"_n, kwargs);
    set_raw(self, "_param_ids_from"_n, ids_from);
    set_raw(self, "_param_ids_generated"_n, ids_generated);
}

void check_private(handle is_pytest) {
    if (!truth(is_pytest)) call(lookup("_pytest.deprecated", "check_ispytest"_n), is_pytest);
}

object init_mark(Args a) {
    check_private(a[6]);
    fill_mark(a[0], a[1], a[2], a[3], a[4], a[5]);
    return none();
}

object show_mark(Args a) {
    return strcat(get(type_of(a[0]), "__qualname__"_n), "(name=", repr_of(get(a[0], "name"_n)),
                  ", args=", repr_of(get(a[0], "args"_n)), ", kwargs=", repr_of(get(a[0], "kwargs"_n)), ")");
}

bool has_param_ids(handle mark) { return contains(get(mark, "kwargs"_n), "ids"_n) || length(get(mark, "args"_n)) >= 4; }

object combine(handle mark, handle other) {
    object name = get(mark, "name"_n);
    if (!equal(name, get(other, "name"_n))) raise_exception(call(PyExc_AssertionError));
    object ids_from = none();
    if (equal(name, "parametrize"_n)) {
        if (has_param_ids(other))
            ids_from = borrow(other);
        else if (has_param_ids(mark))
            ids_from = borrow(mark);
    }
    object args = check(PyNumber_Add(get(mark, "args"_n).ptr(), get(other, "args"_n).ptr()));
    object kwargs = new_dict();
    check(PyDict_Update(kwargs.ptr(), get(mark, "kwargs"_n).ptr()));
    check(PyDict_Update(kwargs.ptr(), get(other, "kwargs"_n).ptr()));
    object result = new_instance(global<"mark_structures", "Mark">());
    fill_mark(result, name, args, kwargs, ids_from, Py_None);
    return result;
}

// --- decorators -------------------------------------------------------------------------------

object init_decorator(Args a) {
    check_private(a[2]);
    set(a[0], "mark"_n, a[1]);
    return none();
}

object with_args(handle decorator, handle args, handle kwargs) {
    return make_decorator(combine(get(decorator, "mark"_n), make_mark(get(decorator, "name"_n), args, kwargs)));
}

bool is_test_function(handle value) {
    if (!PyCallable_Check(value.ptr())) return false;
    object name = try_get(value, "__name__"_n);
    return name.is_valid() && !equal(name, str("<lambda>"));
}

object call_decorator(Args a) {
    handle args = a[1], kwargs = a[2];
    if (PyTuple_GET_SIZE(args.ptr()) == 1 && PyDict_GET_SIZE(kwargs.ptr()) == 0) {
        handle target = PyTuple_GET_ITEM(args.ptr(), 0);
        object function = borrow(target);
        if (PyObject_TypeCheck(target.ptr(), &PyStaticMethod_Type) ||
            PyObject_TypeCheck(target.ptr(), &PyClassMethod_Type))
            function = get(target, "__func__"_n);
        if (PyType_Check(target.ptr()) || is_test_function(function)) {
            store_mark(function, get(a[0], "mark"_n));
            return borrow(target);
        }
    }
    return call_ex(get(a[0], "with_args"_n), args, kwargs);
}

object normalize_mark_list(Args a) {
    object list = new_list();
    append_normalized(list, a[0]);
    return list;
}

/// Adds what is stored in one `pytestmark`: a list, or a single mark.
void append_stored(handle list, handle stored) {
    if (PyList_Check(stored.ptr()))
        check(PyList_SetSlice(list.ptr(), PyList_GET_SIZE(list.ptr()), PyList_GET_SIZE(list.ptr()), stored.ptr()));
    else
        append(list, stored);
}

void append_stored_on_class(handle list, handle type) {
    object space = Py_IS_TYPE(type.ptr(), &PyType_Type) ? version::type_dict(type) : object(), stored;
    if (space.is_valid())
        stored = dict_get(space, "pytestmark"_n);
    else
        stored = call_method(get(type, "__dict__"_n), "get"_n, "pytestmark"_n, new_list());
    if (stored.is_valid()) append_stored(list, stored);
}

void warn_none_marks() {
    object category = lookup("_pytest.warning_types", "PytestCollectionWarning"_n);
    warn(category,
         "Module defines a `__getattr__` which returns None for 'pytestmark' instead of raising "
         "AttributeError. Make sure `__getattr__` raises AttributeError for attributes it does not "
         "provide. See https://github.com/pytest-dev/pytest/issues/8265");
}

}  // namespace

object make_mark(handle name, handle args, handle kwargs) {
    object mark = new_instance(global<"mark_structures", "Mark">());
    fill_mark(mark, name, args, kwargs, Py_None, Py_None);
    return mark;
}

object make_decorator(handle mark) {
    object decorator = new_instance(global<"mark_structures", "MarkDecorator">());
    set_raw(decorator, "mark"_n, mark);
    return decorator;
}

bool is_mark(handle value) { return is_instance(value, global<"mark_structures", "Mark">()); }
bool is_decorator(handle value) { return is_instance(value, global<"mark_structures", "MarkDecorator">()); }

void append_normalized(handle list, handle marks) {
    for (object entry : each(marks)) {
        object mark = get_or(entry, "mark"_n, entry);
        if (!is_mark(mark)) raise(PyExc_TypeError, cat("got ", repr_of(mark), " instead of Mark"));
        append(list, mark);
    }
}

object unpacked_marks(handle target, bool consider_mro) {
    object found = new_list();
    if (PyType_Check(target.ptr())) {
        if (!consider_mro) {
            append_stored_on_class(found, target);
        } else {
            object mro = to_tuple(get(target, "__mro__"_n));
            for (Py_ssize_t i = PyTuple_GET_SIZE(mro.ptr()); i-- > 0;)
                append_stored_on_class(found, PyTuple_GET_ITEM(mro.ptr(), i));
        }
    } else {
        object stored = try_get(target, "pytestmark"_n);
        if (!stored.is_valid()) return found;
        if (is_none(stored))
            warn_none_marks();
        else
            append_stored(found, stored);
    }
    if (PyList_GET_SIZE(found.ptr()) == 0) return found;
    object result = new_list();
    append_normalized(result, found);
    return result;
}

void store_mark(handle target, handle mark) {
    if (!is_mark(mark)) raise_exception(call(PyExc_AssertionError, mark));
    if (!is_none(call(lookup("_pytest.fixtures", "getfixturemarker"_n), target)))
        call(global<"outcomes", "fail">(),
             str("Marks cannot be applied to fixtures.\nSee docs: "
                 "https://docs.pytest.org/en/stable/deprecations.html#applying-a-mark-to-a-fixture-function"));
    // A new list each time: the old one may belong to a base class or another function.
    object marks = unpacked_marks(target, false);
    append(marks, mark);
    set(target, "pytestmark"_n, marks);
}

void define_marks(Module& m) {
    m.cls("Mark")
        .doc("A mark: a name, positional and keyword arguments.")
        .dataclass("name, args, kwargs, _param_ids_from=None, _param_ids_generated=None",
                   {.frozen = true, .repr = false, .init = false})
        .attr("_param_ids_from", Py_None)
        .attr("_param_ids_generated", Py_None)
        .def("__init__", "self, name, args, kwargs, param_ids_from=None, param_ids_generated=None, *, _ispytest=False",
             init_mark)
        .def("__repr__", "self", show_mark)
        .def("_has_param_ids", "self", [](Args a) { return boolean(has_param_ids(a[0])); })
        .def(
            "combined_with", "self, other", [](Args a) { return combine(a[0], a[1]); },
            "A new mark with the arguments of this one followed by those of another mark of the same name.")
        .make();
    m.cls("MarkDecorator")
        .doc(
            "What ``pytest.mark.NAME`` gives. Called with nothing but a test function or class it puts its mark on it; "
            "called with anything else it gives a new decorator with these arguments added.")
        .dataclass("mark", {.init = false})
        .def("__init__", "self, mark, *, _ispytest=False", init_decorator)
        .prop(
            "name", [](Args a) { return get(get(a[0], "mark"_n), "name"_n); }, nullptr, "Alias for mark.name.")
        .prop(
            "args", [](Args a) { return get(get(a[0], "mark"_n), "args"_n); }, nullptr, "Alias for mark.args.")
        .prop(
            "kwargs", [](Args a) { return get(get(a[0], "mark"_n), "kwargs"_n); }, nullptr, "Alias for mark.kwargs.")
        .prop("markname", [](Args a) { return get(a[0], "name"_n); })
        .def(
            "with_args", "self, *args, **kwargs", [](Args a) { return with_args(a[0], a[1], a[2]); },
            "A new decorator with these arguments added, even if the only one is a function or class.")
        .def("__call__", "self, *args, **kwargs", call_decorator)
        .make();
    m.def(
        "get_unpacked_marks", "obj, *, consider_mro=True", [](Args a) { return unpacked_marks(a[0], truth(a[1])); },
        "The marks stored on an object; for a class those of its bases too, unless told otherwise.");
    m.def("normalize_mark_list", "mark_list", normalize_mark_list, "Marks and decorators as a list of marks.");
    m.def("store_mark", "obj, mark", [](Args a) {
        store_mark(a[0], a[1]);
        return none();
    });
    m.def("istestfunc", "func", [](Args a) { return boolean(is_test_function(a[0])); });
}

}  // namespace fastest::marks
