// ParameterSet: what `pytest.param` gives, and how arguments of `parametrize` are read.

#include "engine/marks/mark.h"
#include "engine/py/facade_warning.h"
#include "engine/py/named_tuple.h"

namespace fastest::marks {
namespace {

using namespace py;

handle parameter_set_type() { return global<"mark_structures", "ParameterSet">(); }

void warn_of_mark(handle category, std::string_view message) {
    warn_from("_pytest.mark.structures", call(category, str(message)));
}

// --- pytest.param -----------------------------------------------------------------------------

void check_marks(handle marks) {
    for (object mark : each(marks))
        if (equal(get(mark, "name"_n), "usefixtures"_n))
            raise(PyExc_ValueError,
                  "pytest.param cannot add pytest.mark.usefixtures; see "
                  "https://docs.pytest.org/en/stable/reference/reference.html#pytest-param");
}

object param(handle type, handle values, handle given_marks, handle id) {
    object marks = borrow(given_marks);
    if (is_decorator(given_marks))
        marks = tuple_of(given_marks);
    else if (!PyTuple_Check(marks.ptr()) && !PyList_Check(marks.ptr()) &&
             !is_instance(marks, lookup("collections.abc", "Collection"_n)))
        raise_exception(call(PyExc_AssertionError));
    check_marks(marks);
    if (!is_none(id) && !is_str(id) && !id.is(hidden_param()))
        raise(PyExc_TypeError, cat("Expected id to be a string or a `pytest.HIDDEN_PARAM` sentinel, got ", type_of(id),
                                   ": ", repr_of(id)));
    return call(type, values, marks, id);
}

object extract(handle type, handle entry, bool force_tuple) {
    if (is_instance(entry, type)) return borrow(entry);
    if (force_tuple) {
        if (type.is(parameter_set_type())) return make_parameter_set(tuple_of(entry), check(PyTuple_New(0)), Py_None);
        return call_method(type, "param"_n, entry);
    }
    return call(type, entry, new_list(), Py_None);
}

object parse_args(Args a) {
    ArgumentNames parsed = parse_argument_names(a[0]);
    return tuple_of(parsed.names, boolean(parsed.force_tuple));
}

object parse_values(handle values, bool force_tuple) {
    object sets = new_list();
    for (object entry : each(values)) append(sets, extract(parameter_set_type(), entry, force_tuple));
    return sets;
}

// --- checks -----------------------------------------------------------------------------------

void warn_iterable(handle values, handle nodeid) {
    object warning = call_method_kw(lookup("_pytest.deprecated", "PARAMETRIZE_NON_COLLECTION_ITERABLE"_n), "format"_n,
                                    {}, {{"nodeid"_n, nodeid}, {"type_name"_n, get(type_of(values), "__name__"_n)}});
    warn(type_of(warning), text_of(warning));
}

void check_lengths(handle names, handle sets, handle nodeid) {
    Py_ssize_t wanted = length(names);
    for (object set : each(sets)) {
        object values = get(set, "values"_n);
        Py_ssize_t count = PyObject_Size(values.ptr());
        if (count == wanted) continue;
        std::string message;
        if (count < 0) {
            if (!PyErr_ExceptionMatches(PyExc_TypeError)) throw nb::python_error();
            PyErr_Clear();
            message = cat(nodeid,
                          ": in \"parametrize\" expected a sequence of values, for a single value use a one-element "
                          "tuple like ('value',), got ",
                          get(type_of(values), "__name__"_n), ":\n  ", values);
        } else {
            message = cat(nodeid, ": in \"parametrize\" the number of names (", wanted, "):\n  ", names,
                          "\nmust be equal to the number of values (", count, "):\n  ", values);
        }
        call_kw(global<"outcomes", "fail">(), {str(message)}, {{"pytrace"_n, Py_False}});
    }
}

bool is_collection(handle value) {
    return PyList_Check(value.ptr()) || PyTuple_Check(value.ptr()) ||
           is_instance(value, lookup("collections.abc", "Collection"_n));
}

object for_parametrize(Args a) {
    handle values = a[2], function = a[3], config = a[4], nodeid = a[5];
    if (!is_collection(values)) warn_iterable(values, nodeid);
    ArgumentNames names = parse_argument_names(a[1]);
    object sets = parse_values(values, names.force_tuple);
    if (PyList_GET_SIZE(sets.ptr())) {
        check_lengths(names.names, sets, nodeid);
    } else {
        object mark = empty_parameter_set_mark(config, names.names, function);
        object unset = new_list();
        for (Py_ssize_t i = length(names.names); i-- > 0;) append(unset, lookup("_pytest.compat", "NOTSET"_n));
        append(sets, make_parameter_set(to_tuple(unset), list_of(mark), str("NOTSET")));
    }
    return tuple_of(names.names, sets);
}

}  // namespace

bool is_parameter_set(handle value) { return is_instance(value, parameter_set_type()); }

object make_parameter_set(handle values, handle marks, handle id) {
    return new_named_tuple(parameter_set_type(), tuple_of(values, marks, id));
}

ArgumentNames parse_argument_names(handle argnames) {
    if (!is_str(argnames)) return {borrow(argnames), false};
    object names = new_list();
    for (object part : each(call_method(argnames, "split"_n, str(","))))
        if (object name = call_method(part, "strip"_n); length(name)) append(names, name);
    bool trailing_comma = text(call_method(argnames, "rstrip"_n)).ends_with(',');
    return {names, length(names) == 1 && !trailing_comma};
}

object empty_parameter_set_mark(handle config, handle argnames, handle function) {
    std::string listing = text(call_method(str(", "), "join"_n, argnames));
    object line = item(call(lookup("_pytest._code.code", "getfslineno"_n), function), integer(1));
    object reason = strcat("got empty parameter set for (", listing, ")");
    std::string wanted = text_of(call_method(config, "getini"_n, "empty_parameter_set_mark"_n));
    auto decorator = [](handle name) { return decorator_of(mark_generator(), name, warn_of_mark); };
    if (wanted == "skip") return call_kw(decorator("skip"_n), {}, {{"reason"_n, reason}});
    if (wanted == "xfail") return call_kw(decorator("xfail"_n), {}, {{"reason"_n, reason}, {"run"_n, Py_False}});
    if (wanted == "fail_at_collect")
        raise(get(lookup("_pytest.nodes", "Collector"_n), "CollectError"_n),
              cat("Empty parameter set in '", get(function, "__name__"_n), "' at line ", to_int(line) + 1));
    raise(PyExc_AssertionError, cat("Expected code to be unreachable, but got: ", repr_of(str(wanted))));
}

void define_parameter_set(Module& m) {
    named_tuple_class(m, "ParameterSet", {"values", "marks", "id"})
        .attr("__module__", str("pytest"))
        .doc("What pytest.param() gives: values, marks, id.")
        .classmethod("param", "cls, *values, marks=(), id=None", [](Args a) { return param(a[0], a[1], a[2], a[3]); })
        .classmethod("extract_from", "cls, parameterset, force_tuple=False",
                     [](Args a) { return extract(a[0], a[1], truth(a[2])); })
        .staticmethod("_parse_parametrize_args", "argnames, argvalues, *args, **kwargs", parse_args)
        .staticmethod("_parse_parametrize_parameters", "argvalues, force_tuple",
                      [](Args a) { return parse_values(a[0], truth(a[1])); })
        .classmethod("_for_parametrize", "cls, argnames, argvalues, func, config, nodeid", for_parametrize)
        .make();
    m.def("get_empty_parameterset_mark", "config, argnames, func",
          [](Args a) { return empty_parameter_set_mark(a[0], a[1], a[2]); });
    m.attr("EMPTY_PARAMETERSET_OPTION", str("empty_parameter_set_mark"));
}

FASTEST_MODULE(mark_structures, "_pytest.mark.structures") {
    define_marks(m);
    define_generator(m);
    define_parameter_set(m);
    define_keywords(m);
}

}  // namespace fastest::marks
