// RaisesExc, and `pytest.raises` that makes it.

#include "engine/py/frame.h"
#include "engine/run/raises.h"

namespace fastest::run {
namespace {

object empty_tuple() { return py::check(PyTuple_New(0)); }

object init(Args a) {
    handle self = a[0], expected = a[1], match = a[2], check = a[3];
    init_abstract_raises(self, match, check);
    object types = PyTuple_Check(expected.ptr()) ? borrow(expected)
                   : is_none(expected)           ? empty_tuple()
                                                 : tuple_of(expected);
    if (PyTuple_GET_SIZE(types.ptr()) == 0 && is_none(match) && is_none(check))
        raise(PyExc_ValueError, "You must specify at least one parameter to match on.");
    object parsed = new_list();
    for (object type : each(types)) append(parsed, parse_exception(self, type, "a BaseException type"));
    set(self, "expected_exceptions"_n, to_tuple(parsed));
    set(self, "_just_propagate"_n, Py_False);
    return none();
}

bool matches_type(handle self, handle exception) {
    object mismatch = raw_type_mismatch(get(self, "expected_exceptions"_n), exception);
    set_reason(self, mismatch);
    return is_none(mismatch);
}

object matches(Args a) {
    handle self = a[0], exception = a[1];
    set(self, "_just_propagate"_n, Py_False);
    if (is_none(exception)) {
        set_reason(self, str("exception is None"));
        return boolean(false);
    }
    if (!matches_type(self, exception)) {
        set(self, "_just_propagate"_n, Py_True);
        return boolean(false);
    }
    return boolean(matches_pattern(self, exception) && matches_check(self, exception));
}

object show(Args a) {
    std::vector<std::string> parts;
    object types = get(a[0], "expected_exceptions"_n), match = get(a[0], "match"_n), check = get(a[0], "check"_n);
    if (truth(types)) parts.push_back(shown_type(types));
    if (!is_none(match)) parts.push_back(cat("match=", repr_of(shown_pattern(match))));
    if (!is_none(check)) parts.push_back("check=" + shown_callable(check));
    return str("RaisesExc(" + joined_with(parts) + ")");
}

object enter(Args a) {
    object info = call_method(lookup("_pytest._code", "ExceptionInfo"_n), "for_later"_n);
    set(a[0], "excinfo"_n, info);
    return info;
}

[[noreturn]] void fail_not_raised(handle self) {
    std::vector<std::string> names;
    for (object type : each(get(self, "expected_exceptions"_n))) names.push_back(name_of_class(type));
    if (names.empty()) fail_test("DID NOT RAISE any exception");
    if (names.size() == 1) fail_test("DID NOT RAISE " + names[0]);
    fail_test("DID NOT RAISE any of (" + joined_with(names) + ")");
}

object exit(Args a) {
    handle self = a[0];
    if (is_none(a[1])) fail_not_raised(self);
    object info = get(self, "excinfo"_n);
    if (!truth(call_method(self, "matches"_n, a[2]))) {
        if (truth(get(self, "_just_propagate"_n))) return boolean(false);
        object failure = call(PyExc_AssertionError, reason_of(self));
        set(failure, "__suppress_context__"_n, Py_True);
        raise_hidden("_pytest.raises", "RaisesExc.__exit__",
                     {{"self"_n, self}, {"exc_type"_n, a[1]}, {"exc_val"_n, a[2]}, {"exc_tb"_n, a[3]}}, failure);
    }
    call_method(info, "fill_unfilled"_n, tuple_of(a[1], a[2], a[3]));
    return boolean(true);
}

// --- pytest.raises ----------------------------------------------------------------------------

object as_context_manager(handle expected, handle keywords) {
    object names = call_method(keywords, "keys"_n);
    std::vector<std::string> all;
    bool known = true;
    object sorted = to_list(names);
    py::check(PyList_Sort(sorted.ptr()));
    for (object name : each(sorted)) {
        all.push_back(text(name));
        known = known && (all.back() == "match" || all.back() == "check" || all.back() == "expected_exception");
    }
    if (!known)
        raise(PyExc_TypeError, "Unexpected keyword arguments passed to pytest.raises: " + joined_with(all) +
                                   "\nUse context-manager form instead?");
    object args = is_none(expected) ? empty_tuple() : tuple_of(expected);
    return call_ex(global<"raises", "RaisesExc">(), args, keywords);
}

object local_variables(Args of_raises) {
    object variables = new_dict();
    dict_set(variables, "expected_exception"_n, of_raises[0]);
    dict_set(variables, "func"_n, of_raises[1]);
    dict_set(variables, "args"_n, of_raises[2]);
    dict_set(variables, "kwargs"_n, of_raises[3]);
    return variables;
}

object raises(Args a) {
    handle expected = a[0], function = a[1], args = a[2], keywords = a[3];
    if (is_none(function) && PyTuple_GET_SIZE(args.ptr()) == 0) return as_context_manager(expected, keywords);
    if (!truth(expected))
        raise(PyExc_ValueError,
              cat("Expected an exception type or a tuple of exception types, but got `", repr_of(expected),
                  "`. Raising exceptions is already understood as failing the test, so you don't need any special code to say "
                  "'this should never raise an exception'."));
    if (!PyCallable_Check(function.ptr()))
        raise(PyExc_TypeError, cat(repr_of(function), " object (type: ", type_of(function), ") must be callable"));
    object manager = call(global<"raises", "RaisesExc">(), expected);
    object info = call_method(manager, "__enter__"_n);
    try {
        call_ex(function, args, keywords);
    } catch (nb::python_error& error) {
        object exception = borrow(error.value());
        add_hidden_traceback(exception, "_pytest.raises", "raises", local_variables(a));
        object traceback = steal(PyException_GetTraceback(exception.ptr()));
        Handling handling(error);
        if (!truth(call_method(manager, "__exit__"_n, error.type(), exception, traceback))) raise_exception(exception);
        return info;
    }
    call_method(manager, "__exit__"_n, Py_None, Py_None, Py_None);
    return info;
}

}  // namespace

void define_raises_exc(Module& m) {
    m.cls("RaisesExc", {m.get("AbstractRaises")})
        .doc("Expects one exception, by class, text, or a check function. Also usable inside RaisesGroup and alone with "
             "matches().\n\n:param expected_exception: a class, a tuple of classes, or None.\n:param match: pattern that "
             "re.search() must find in the text and notes of the exception.\n:param check: function that must return True for "
             "the exception.")
        .def("__init__", "self, expected_exception=None, /, *, match=None, check=None", init)
        .def("matches", "self, exception", matches, "Whether an exception is as expected. If not, fail_reason says why.")
        .def("__repr__", "self", show)
        .def("_check_type", "self, exception", [](Args a) { return boolean(matches_type(a[0], a[1])); })
        .def("__enter__", "self", enter)
        .def("__exit__", "self, exc_type, exc_val, exc_tb", exit)
        .make();
    object function =
        m.def("raises", "expected_exception=None, func=None, *args, **kwargs", raises,
              "Expect an exception in a ``with`` block, or from ``func(*args, **kwargs)``.\n\n:param expected_exception: a class "
              "or a tuple of classes.\n:param match: pattern that re.search() must find in the text of the exception.\n:param "
              "check: function that must return True for the exception.\n:returns: a context manager that gives an "
              "ExceptionInfo; with ``func`` the ExceptionInfo.");
    set(function, "Exception"_n, global<"outcomes", "Failed">());
}

}  // namespace fastest::run
