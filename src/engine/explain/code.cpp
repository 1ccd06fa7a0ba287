// `Code` and `Frame`: what a code object and a frame tell about their source.

#include "engine/explain/code.h"

#include "engine/explain/source.h"

namespace fastest::explain {
namespace {

using namespace py;

object code_init(Args a) {
    set(a[0], "raw"_n, a[1]);
    return none();
}

object code_from_function(Args a) { return call(a[0], raw_code(a[1])); }

object code_eq(Args a) { return boolean(equal(get(a[0], "raw"_n), get(a[1], "raw"_n))); }

object code_firstlineno(Args a) {
    return integer(to_int(get(get(a[0], "raw"_n), "co_firstlineno"_n)) - 1);
}

object code_name(Args a) { return get(get(a[0], "raw"_n), "co_name"_n); }

object code_path(Args a) { return code_file(get(a[0], "raw"_n)); }

object code_fullsource(Args a) { return find_source(get(a[0], "raw"_n)).source; }

object code_source(Args a) { return call(global<"code_source", "Source">(), get(a[0], "raw"_n)); }

object code_getargs(Args a) {
    object raw = get(a[0], "raw"_n);
    long long count = to_int(get(raw, "co_argcount"_n));
    if (truth(a[1])) {
        long long flags = to_int(get(raw, "co_flags"_n));
        count += to_int(get(raw, "co_kwonlyargcount"_n));
        count += (flags & CO_VARARGS) ? 1 : 0;
        count += (flags & CO_VARKEYWORDS) ? 1 : 0;
    }
    return check(PyTuple_GetSlice(get(raw, "co_varnames"_n).ptr(), 0, static_cast<Py_ssize_t>(count)));
}

object frame_init(Args a) {
    set(a[0], "raw"_n, a[1]);
    return none();
}

object frame_lineno(Args a) { return integer(to_int(get(get(a[0], "raw"_n), "f_lineno"_n)) - 1); }

object frame_f_globals(Args a) { return get(get(a[0], "raw"_n), "f_globals"_n); }

object frame_f_locals(Args a) { return get(get(a[0], "raw"_n), "f_locals"_n); }

object frame_code(Args a) { return call(global<"code_frames", "Code">(), get(get(a[0], "raw"_n), "f_code"_n)); }

object frame_statement(Args a) {
    object source = get(get(a[0], "code"_n), "fullsource"_n);
    if (is_none(source)) return call(global<"code_source", "Source">(), str(""));
    return call_method(source, "getstatement"_n, get(a[0], "lineno"_n));
}

object frame_eval(Args a) {
    object locals = call_method(get(a[0], "f_locals"_n), "copy"_n);
    call_method(locals, "update"_n, a[2]);
    return call(lookup("builtins", "eval"_n), a[1], get(a[0], "f_globals"_n), locals);
}

object frame_repr(Args a) { return call(lookup("_pytest._io.saferepr", "saferepr"_n), a[1]); }

object frame_getargs(Args a) {
    object names = call_method_kw(get(a[0], "code"_n), "getargs"_n, {}, {{"var"_n, a[1]}});
    object values = get(a[0], "f_locals"_n);
    object pairs = new_list();
    for (object name : each(names))
        if (contains(values, name)) append(pairs, tuple_of(name, item(values, name)));
    return pairs;
}

/// Where something without code (a class, a builtin) is defined, if `inspect` knows.
object place_by_inspect(handle value) {
    object file;
    try {
        file = call(lookup("inspect", "getsourcefile"_n), value);
        if (!truth(file)) file = call(lookup("inspect", "getfile"_n), value);
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_TypeError)) throw;
        return tuple_of(str(""), integer(-1));
    }
    if (!truth(file)) return tuple_of(str(""), integer(-1));
    object path = call(lookup("_pytest.pathlib", "absolutepath"_n), file);
    long long line = -1;
    try {
        line = find_source(value).line;
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_OSError)) throw;
    }
    return tuple_of(path, integer(line));
}

object py_getfslineno(Args a) {
    object value = call(lookup("_pytest.compat", "get_real_func"_n), a[0]);
    if (object place = try_get(value, "place_as"_n); place.is_valid()) value = place;
    object code;
    try {
        code = raw_code(value);
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_TypeError)) throw;
        return place_by_inspect(value);
    }
    object wrapped = call(global<"code_frames", "Code">(), code);
    return tuple_of(get(wrapped, "path"_n), get(wrapped, "firstlineno"_n));
}

}  // namespace

py::object code_file(handle code) {
    object name = get(code, "co_filename"_n);
    if (!truth(name)) return str("");
    try {
        object path = call(lookup("_pytest.pathlib", "absolutepath"_n), name);
        if (truth(call_method(path, "exists"_n))) return path;
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_OSError)) throw;
    }
    return name;
}

FASTEST_MODULE(code_frames, "_pytest._code.code") {
    m.cls("Code")
        .doc("A Python code object and where it comes from.")
        .slots({"raw"})
        .def("__init__", "self, obj", code_init)
        .classmethod("from_function", "cls, obj", code_from_function)
        .def("__eq__", "self, other", code_eq)
        .attr("__hash__", Py_None)
        .prop("firstlineno", code_firstlineno)
        .prop("name", code_name)
        .prop("path", code_path, nullptr, "The path of the file, or its name as a str if there is no such file.")
        .prop("fullsource", code_fullsource, nullptr, "The Source of the whole file, or None.")
        .def("source", "self", code_source, "The Source of this code object alone.")
        .def("getargs", "self, var=False", code_getargs,
             "The names of the arguments; with `var` also of keyword-only, `*` and `**` ones.")
        .make();
    m.cls("Frame")
        .doc("A Python frame, in which expressions can be evaluated.")
        .slots({"raw"})
        .def("__init__", "self, frame", frame_init)
        .prop("lineno", frame_lineno)
        .prop("f_globals", frame_f_globals)
        .prop("f_locals", frame_f_locals)
        .prop("code", frame_code)
        .prop("statement", frame_statement, nullptr, "The Source of the statement that the frame is at.")
        .def("eval", "self, code, **vars", frame_eval, "Evaluates `code` in the frame, `vars` being further locals.")
        .def("repr", "self, object", frame_repr)
        .def("getargs", "self, var=False", frame_getargs, "(name, value) of the arguments that are still bound.")
        .make();
    m.def("getfslineno", "obj", py_getfslineno,
          "(path, line counted from 0) of where an object is defined; ('', -1) if nobody knows.");
}

}  // namespace fastest::explain
