// Recording warnings: WarningsRecorder, `pytest.warns`, `pytest.deprecated_call`.

#include "engine/py/with.h"
#include "engine/run/raises.h"

namespace fastest::run {
namespace {

object base_method(handle name) { return get(lookup("warnings", "catch_warnings"_n), name); }
object entries(handle self) { return get(self, "_list"_n); }
object category_of(handle record) { return get(record, "category"_n); }

void check_private(handle is_pytest) {
    if (!truth(is_pytest)) call(lookup("_pytest.deprecated", "check_ispytest"_n), is_pytest);
}

// --- recorder ---------------------------------------------------------------------------------

void init_recorder(handle self) {
    call_kw(base_method("__init__"_n), {self}, {{"record"_n, Py_True}});
    set(self, "_entered"_n, Py_False);
    set(self, "_list"_n, new_list());
}

/// An entry of exactly this class, else one of the most derived subclass.
object pop(Args a) {
    object list = entries(a[0]), best;
    Py_ssize_t best_index = -1, index = 0;
    auto take = [&](Py_ssize_t at) { return call_method(list, "pop"_n, integer(at)); };
    for (object record : each(list)) {
        object category = category_of(record);
        if (equal(category, a[1])) return take(index);
        if (is_subclass(category, a[1]) && (best_index < 0 || !is_subclass(category, best))) {
            best_index = index;
            best = category;
        }
        ++index;
    }
    if (best_index >= 0) return take(best_index);
    raise(PyExc_AssertionError, cat(repr_of(a[1]), " not found in warning list"));
}

object clear(Args a) {
    object list = entries(a[0]);
    check(PyList_SetSlice(list.ptr(), 0, PyList_GET_SIZE(list.ptr()), nullptr));
    return none();
}

object enter(Args a) {
    if (truth(get(a[0], "_entered"_n))) raise(PyExc_RuntimeError, cat("Cannot enter ", repr_of(a[0]), " twice"));
    set(a[0], "_list"_n, call(base_method("__enter__"_n), a[0]));
    call(lookup("warnings", "simplefilter"_n), str("always"));
    return borrow(a[0]);
}

void leave_recorder(handle self, handle type, handle value, handle traceback) {
    if (!truth(get(self, "_entered"_n)))
        raise(PyExc_RuntimeError, cat("Cannot exit ", repr_of(self), " without entering first"));
    call(base_method("__exit__"_n), self, type, value, traceback);
    set(self, "_entered"_n, Py_False);  // so that it can be entered again
}

object exit(Args a) {
    leave_recorder(a[0], a[1], a[2], a[3]);
    return none();
}

// --- checker ----------------------------------------------------------------------------------

[[noreturn]] void refuse(handle wrong) {
    raise(PyExc_TypeError, cat("exceptions must be derived from Warning, not ", type_of(wrong)));
}

object init_checker(Args a) {
    handle expected = a[1];
    check_private(a[3]);
    init_recorder(a[0]);
    object types = borrow(expected);
    if (PyTuple_Check(expected.ptr())) {
        for (object type : each(expected))
            if (!is_subclass(type, PyExc_Warning)) refuse(type);
    } else {
        if (!is_class(expected) || !is_subclass(expected, PyExc_Warning)) refuse(expected);
        types = tuple_of(expected);
    }
    set(a[0], "expected_warning"_n, types);
    set(a[0], "match_expr"_n, a[2]);
    return none();
}

bool has_category(handle self, handle record) {
    return is_subclass(category_of(record), get(self, "expected_warning"_n));
}

object matches(Args a) {
    if (!has_category(a[0], a[1])) return boolean(false);
    object pattern = get(a[0], "match_expr"_n);
    return boolean(is_none(pattern) ||
                   truth(call(lookup("re", "search"_n), pattern, to_str(get(a[1], "message"_n)))));
}

bool is_match(handle self, handle record) { return truth(call_method(self, "matches"_n, record)); }

std::string emitted(handle self) {
    object messages = new_list();
    for (object record : each(self)) append(messages, get(record, "message"_n));
    return text(call_kw(lookup("pprint", "pformat"_n), {messages}, {{"indent"_n, integer(2)}}));
}

void require_match(handle self) {
    bool any_category = false;
    for (object record : each(self)) any_category = any_category || has_category(self, record);
    if (!any_category)
        fail_test(cat("DID NOT WARN. No warnings of type ", get(self, "expected_warning"_n), " were emitted.\n Emitted warnings: ",
                      emitted(self), "."));
    bool literal = false;
    object pattern = get(self, "match_expr"_n);
    for (object record : each(self)) {
        if (is_match(self, record)) return;
        literal = literal || (is_str(pattern) && has_category(self, record) &&
                              equal(pattern, to_str(get(record, "message"_n))));
    }
    fail_test(cat("Regex pattern did not match any of the ", length(self), " warnings emitted.\n Regex: ", repr_of(pattern),
                  "\n Emitted warnings: ", emitted(self), ".",
                  literal ? "\n Did you mean to `re.escape()` the regex?" : ""));
}

/// Warnings that nobody asked for are passed on.
void emit_unmatched(handle self) {
    for (object record : each(self)) {
        if (is_match(self, record)) continue;
        call_named<"message", "category", "filename", "lineno", "source">(
            lookup("warnings", "warn_explicit"_n), get(record, "message"_n), category_of(record), get(record, "filename"_n),
            get(record, "lineno"_n), get(record, "source"_n));
    }
}

/// `warnings.warn(5)` makes a UserWarning(5), on which later filters would stumble.
void refuse_non_texts(handle self) {
    for (object record : each(self)) {
        object message = get(record, "message"_n);
        if (!type_of(message).is(PyExc_UserWarning)) continue;
        object args = get(message, "args"_n);
        if (!truth(args)) continue;
        object first = item(args, integer(0));
        if (!is_str(first))
            raise(PyExc_TypeError, cat("Warning must be str or Warning, got ", repr_of(first), " (type ",
                                       name_of_class(type_of(first)), ")"));
    }
}

object exit_checker(Args a) {
    handle self = a[0], error = a[2];
    leave_recorder(self, a[1], error, a[3]);
    if (!is_none(error) &&
        (!is_instance(error, PyExc_Exception) || is_instance(error, global<"outcomes", "Exit">())))
        return none();
    try {
        require_match(self);
    } catch (const nb::python_error& failure) {
        Handling handling(failure);
        emit_unmatched(self);
        refuse_non_texts(self);
        throw;
    }
    emit_unmatched(self);
    refuse_non_texts(self);
    return none();
}

// --- warns ------------------------------------------------------------------------------------

object checker(handle expected, handle match) {
    return call_kw(global<"recwarn", "WarningsChecker">(), {expected},
                   {{"match_expr"_n, match}, {"_ispytest"_n, Py_True}});
}

object call_expecting(handle expected, handle function, handle args, handle keywords) {
    return with(checker(expected, Py_None), [&](handle) { return call_ex(function, args, keywords); });
}

object warns_for(handle expected, handle function, handle args, handle keywords) {
    if (!is_none(function) || PyTuple_GET_SIZE(args.ptr())) {
        if (!PyCallable_Check(function.ptr()))
            raise(PyExc_TypeError, cat(repr_of(function), " object (type: ", type_of(function), ") must be callable"));
        return call_expecting(expected, function, args, keywords);
    }
    object rest = py::check(PyDict_Copy(keywords.ptr()));
    object match = dict_get(rest, "match"_n);
    dict_remove(rest, "match"_n);
    if (PyDict_GET_SIZE(rest.ptr())) {
        object names = to_list(rest);
        py::check(PyList_Sort(names.ptr()));
        raise(PyExc_TypeError, cat("Unexpected keyword arguments passed to pytest.warns: ",
                                   call_method(str(", "), "join"_n, names), "\nUse context-manager form instead?"));
    }
    return checker(expected, match.is_valid() ? handle(match) : handle(Py_None));
}

object deprecated_call(Args a) {
    object expected = tuple_of(PyExc_DeprecationWarning, PyExc_PendingDeprecationWarning, PyExc_FutureWarning);
    if (!is_none(a[0])) return call_expecting(expected, a[0], a[1], a[2]);
    object args = list_of(expected);
    for (object more : each(a[1])) append(args, more);
    return call_ex(global<"recwarn", "warns">(), to_tuple(args), a[2]);
}

object warns(Args a) {
    return warns_for(a.given(0) ? a[0] : handle(PyExc_Warning), a[1], a[2], a[3]);
}

}  // namespace

FASTEST_MODULE(recwarn, "_pytest.recwarn") {
    m.cls("WarningsRecorder", {lookup("warnings", "catch_warnings"_n)})
        .doc("A context manager that records warnings as warnings.WarningMessage.")
        .generic()
        .def("__init__", "self, *, _ispytest=False",
             [](Args a) {
                 check_private(a[1]);
                 init_recorder(a[0]);
                 return none();
             })
        .prop("list", [](Args a) { return entries(a[0]); }, nullptr, "The recorded warnings.")
        .def("__getitem__", "self, i", [](Args a) { return item(entries(a[0]), a[1]); })
        .def("__iter__", "self", [](Args a) { return py::check(PyObject_GetIter(entries(a[0]).ptr())); })
        .def("__len__", "self", [](Args a) { return integer(length(entries(a[0]))); })
        .def("pop", "self, cls=builtins.Warning",
             [](Args a) {
                 PyObject* values[] = {a[0].ptr(), a.given(1) ? a[1].ptr() : PyExc_Warning};
                 return pop(Args(values, nullptr));
             },
             "Remove and return the first warning of a class, or else one of a subclass.\n\n:raises AssertionError: when there "
             "is none.")
        .def("clear", "self", clear, "Forget all recorded warnings.")
        .def("__enter__", "self", enter)
        .def("__exit__", "self, exc_type, exc_val, exc_tb", exit)
        .make();
    m.cls("WarningsChecker", {m.get("WarningsRecorder")})
        .doc("What pytest.warns() gives: a recorder that demands a warning.")
        .def("__init__", "self, expected_warning=builtins.Warning, match_expr=None, *, _ispytest=False",
             [](Args a) {
                 PyObject* values[] = {a[0].ptr(), a.given(1) ? a[1].ptr() : PyExc_Warning, a[2].ptr(), a[3].ptr()};
                 return init_checker(Args(values, nullptr));
             })
        .def("matches", "self, warning", matches)
        .def("__exit__", "self, exc_type, exc_val, exc_tb", exit_checker)
        .make();
    m.def("warns", "expected_warning=builtins.Warning, func=None, *args, **kwargs", warns,
          "Expect a warning in a ``with`` block, or from ``func(*args, **kwargs)``.\n\n:param expected_warning: a class or a tuple "
          "of classes.\n:param match: pattern that re.search() must find in the warning's text.\n:returns: a context manager that "
          "records all warnings; with ``func`` what it returned.");
    m.def("deprecated_call", "func=None, *args, **kwargs", deprecated_call,
          "Expect a DeprecationWarning, PendingDeprecationWarning or FutureWarning; otherwise as pytest.warns().");
}

}  // namespace fastest::run
