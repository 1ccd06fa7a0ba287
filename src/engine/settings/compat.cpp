// `_pytest.compat`: small questions about Python objects that other rooms and plugins ask.

#include "engine/hooks/plugin_attributes.h"
#include "engine/py/module.h"
#include "engine/py/system_path.h"

namespace fastest::settings {
namespace {

using namespace py::literals;
using py::Args;
using py::handle;
using py::object;

bool is_type(handle value) { return PyType_Check(value.ptr()); }

object partial_type() { return py::lookup("_functools", "partial"_n); }

object unwrap_partial(object value) {
    if (PyFunction_Check(value.ptr())) return value;
    object partial = partial_type();
    while (py::is_instance(value, partial)) value = py::get(value, "func"_n);
    return value;
}

/// What `inspect` calls function-like: has a code object and the other parts of a function, as Cython's have.
bool is_function_like(handle value) {
    if (PyFunction_Check(value.ptr())) return true;
    if (!PyCallable_Check(value.ptr()) || is_type(value)) return false;
    object code = py::try_get(value, "__code__"_n);
    if (!code.is_valid() || !PyCode_Check(code.ptr())) return false;
    object name = py::try_get(value, "__name__"_n), defaults = py::try_get(value, "__defaults__"_n);
    return name.is_valid() && py::is_str(name) && defaults.is_valid() && py::has(value, "__kwdefaults__"_n);
}

bool has_code_flag(handle value, int flag) {
    object function = py::borrow(value);
    while (PyMethod_Check(function.ptr())) function = py::borrow(PyMethod_GET_FUNCTION(function.ptr()));
    function = unwrap_partial(std::move(function));
    if (!is_function_like(function)) return false;
    return py::to_int(py::get(py::get(function, "__code__"_n), "co_flags"_n)) & flag;
}

bool is_marked_coroutine(handle value) {
    return py::version::kHasMarkedCoroutines && py::has(unwrap_partial(py::borrow(value)), "_is_coroutine_marker"_n) &&
           py::truth(py::call(py::lookup("inspect", "iscoroutinefunction"_n), value));
}

object iscoroutinefunction(Args a) {
    if (has_code_flag(a[0], CO_COROUTINE) || is_marked_coroutine(a[0])) return py::boolean(true);
    return py::get_or(a[0], "_is_coroutine"_n, Py_False);
}

object is_async_function(Args a) {
    object coroutine = py::call(py::facade("_pytest.compat", "iscoroutinefunction"_n), a[0]);
    if (py::truth(coroutine)) return coroutine;
    return py::boolean(has_code_flag(a[0], CO_ASYNC_GENERATOR));
}

object signature(Args a) {
    object inspect_signature = py::lookup("inspect", "signature"_n);
    if (!py::version::kHasLazyAnnotations) return py::call(inspect_signature, a[0]);
    object format = py::get(py::lookup("annotationlib", "Format"_n), "STRING"_n);
    return py::call_kw(inspect_signature, {a[0]}, {{"annotation_format"_n, format}});
}

/// Follows `__wrapped__` to its end, as inspect.unwrap does, with its error for a loop.
object unwrap(handle wrapped) {
    object current = py::borrow(wrapped), seen = py::new_dict();
    py::dict_set(seen, py::check(PyLong_FromVoidPtr(current.ptr())), current);
    Py_ssize_t limit = Py_GetRecursionLimit();
    while (true) {
        if (py::version::kUnwrapStopsAtClasses && is_type(current)) return current;
        if (!py::has(current, "__wrapped__"_n)) return current;
        current = py::get(current, "__wrapped__"_n);
        object id = py::check(PyLong_FromVoidPtr(current.ptr()));
        if (py::dict_get(seen, id).is_valid() || py::length(seen) >= limit)
            py::raise(PyExc_ValueError, py::cat("wrapper loop when unwrapping ", py::repr_of(wrapped)));
        py::dict_set(seen, id, current);
    }
}

object real_function(handle value) {
    object function = unwrap(value);
    if (!PyFunction_Check(function.ptr()) && py::is_instance(function, partial_type()))
        function = py::get(function, "func"_n);
    return function;
}

object get_real_func(Args a) { return real_function(a[0]); }

object getlocation(Args a) {
    object function = py::call(py::facade("_pytest.compat", "get_real_func"_n), a[0]);
    bool is_function = PyFunction_Check(function.ptr()) || py::is_native_function(function);
    object file = is_function ? py::get(py::get(function, "__code__"_n), "co_filename"_n)
                              : py::call(py::lookup("inspect", "getfile"_n), function);
    object path = py::call(py::system_path(), file);
    object line = py::get(py::get(function, "__code__"_n), "co_firstlineno"_n);
    if (!py::is_none(a[1])) {
        try {
            return py::strcat(py::call_method(path, "relative_to"_n, a[1]), ":", line);
        } catch (nb::python_error& error) {
            if (!error.matches(PyExc_ValueError)) throw;
        }
    }
    return py::strcat(path, ":", line);
}

/// The DEFAULT sentinel of `mock` or `unittest.mock`, if that module is loaded.
object mock_sentinel(const char* module) {
    object loaded = py::dict_get(PyImport_GetModuleDict(), py::str(module));
    return loaded.is_valid() ? py::try_get(loaded, "DEFAULT"_n) : object();
}

long long mock_patch_count(handle function) {
    object patchings = py::try_get(function, "patchings"_n);
    if (!patchings.is_valid() || !py::truth(patchings)) return 0;
    object first = mock_sentinel("mock"), second = mock_sentinel("unittest.mock");
    long long count = 0;
    for (object patching : py::each(patchings)) {
        if (py::truth(py::get(patching, "attribute_name"_n))) continue;
        object made = py::get(patching, "new"_n);
        count += made.is(first) || made.is(second);
    }
    return count;
}

/// How the argument names of one callable are found: through the code object where that gives what `inspect` would give.
class ArgumentNames {
public:
    object mandatory = py::new_list();
    bool positional_only = false;

    /// False when the callable is no plain function or bound method.
    bool read_code(handle callable) {
        handle function = callable;
        bool bound = PyMethod_Check(callable.ptr());
        if (bound) function = PyMethod_GET_FUNCTION(callable.ptr());
        if (!PyFunction_Check(function.ptr())) return false;
        object attributes = py::get(function, "__dict__"_n);
        if (py::contains(attributes, "__wrapped__"_n) || py::contains(attributes, "__signature__"_n)) return false;
        auto* code = reinterpret_cast<PyCodeObject*>(PyFunction_GET_CODE(function.ptr()));
        if (bound && code->co_argcount == 0) return false;
        object names = py::version::code_varnames(reinterpret_cast<PyObject*>(code));
        PyObject* defaults = PyFunction_GET_DEFAULTS(function.ptr());
        Py_ssize_t required = code->co_argcount - (defaults ? PyTuple_GET_SIZE(defaults) : 0);
        positional_only = code->co_posonlyargcount > (bound ? 1 : 0);
        for (Py_ssize_t i = bound ? 1 : 0; i < required; ++i)
            if (i >= code->co_posonlyargcount) py::append(mandatory, PyTuple_GET_ITEM(names.ptr(), i));
        PyObject* keyword_defaults = PyFunction_GET_KW_DEFAULTS(function.ptr());
        for (Py_ssize_t i = code->co_argcount; i < code->co_argcount + code->co_kwonlyargcount; ++i) {
            handle name = PyTuple_GET_ITEM(names.ptr(), i);
            if (!keyword_defaults || !py::contains(keyword_defaults, name)) py::append(mandatory, name);
        }
        return true;
    }

    void read_signature(handle callable) {
        object parameter = py::lookup("inspect", "Parameter"_n);
        object empty = py::get(parameter, "empty"_n), keyword_only = py::get(parameter, "KEYWORD_ONLY"_n);
        object either = py::get(parameter, "POSITIONAL_OR_KEYWORD"_n), only = py::get(parameter, "POSITIONAL_ONLY"_n);
        object described = py::call(py::facade("_pytest.compat", "signature"_n), callable);
        for (object p : py::each(py::call_method(py::get(described, "parameters"_n), "values"_n))) {
            object kind = py::get(p, "kind"_n);
            if (kind.is(only)) positional_only = true;
            if ((kind.is(either) || kind.is(keyword_only)) && py::get(p, "default"_n).is(empty))
                py::append(mandatory, py::get(p, "name"_n));
        }
    }
};

object getfuncargnames(Args a) {
    handle function = a[0], cls = a[2];
    ArgumentNames names;
    if (!names.read_code(function)) {
        try {
            names.read_signature(function);
        } catch (nb::python_error& error) {
            if (!error.matches(PyExc_ValueError) && !error.matches(PyExc_TypeError)) throw;
            py::Handling handling(error);
            object message = py::strcat("Could not determine arguments of ", py::repr_of(function), ": ", error.value());
            py::call_kw(py::lookup("_pytest.outcomes", "fail"_n), {message}, {{"pytrace"_n, Py_False}});
        }
    }
    object name = py::truth(a[1]) ? py::borrow(a[1]) : py::get(function, "__name__"_n);
    Py_ssize_t start = 0;
    if (!names.positional_only && py::truth(cls) && !PyMethod_Check(function.ptr())) {
        object found = hooks::static_attribute(cls, name);
        if (!found.is_valid() || !py::is_instance(found, py::type_object(PyStaticMethod_Type))) start = 1;
    }
    if (py::has(function, "__wrapped__"_n))
        start += py::to_int(py::call(py::facade("_pytest.compat", "num_mock_patch_args"_n), function));
    object rest = py::check(PyList_GetSlice(names.mandatory.ptr(), start, PY_SSIZE_T_MAX));
    return py::to_tuple(rest);
}

object get_default_arg_names(Args a) {
    object parameter = py::lookup("inspect", "Parameter"_n);
    object empty = py::get(parameter, "empty"_n), names = py::new_list();
    object kinds = py::tuple_of(py::get(parameter, "POSITIONAL_OR_KEYWORD"_n), py::get(parameter, "KEYWORD_ONLY"_n));
    object described = py::call(py::facade("_pytest.compat", "signature"_n), a[0]);
    for (object p : py::each(py::call_method(py::get(described, "parameters"_n), "values"_n)))
        if (py::contains(kinds, py::get(p, "kind"_n)) && !py::get(p, "default"_n).is(empty))
            py::append(names, py::get(p, "name"_n));
    return py::to_tuple(names);
}

/// ASCII text with what cannot be printed as `\xNN`, `\t`, `\r`, `\n`; bytes byte for byte, str as `unicode_escape` writes it.
object ascii_escaped(Args a) {
    object escaped = PyBytes_Check(a[0].ptr())
                         ? py::call_method(a[0], "decode"_n, py::str("ascii"), py::str("backslashreplace"))
                         : py::call_method(py::call_method(a[0], "encode"_n, py::str("unicode_escape")), "decode"_n,
                                           py::str("ascii"));
    static const char* kDigits = "0123456789abcdef";
    std::string source = py::text(escaped), out;
    for (unsigned char c : source) {
        if (c == '\t') out += "\\t";
        else if (c == '\r') out += "\\r";
        else if (c == '\n') out += "\\n";
        else if (c < 32 || c == 127) (out += "\\x", out += kDigits[c >> 4], out += kDigits[c & 15]);
        else out += static_cast<char>(c);
    }
    return py::str(out);
}

object getimfunc(Args a) { return py::get_or(a[0], "__func__"_n, a[0]); }

object safe_getattr(Args a) {
    try {
        return py::get_or(a[0], a[1], a[2]);
    } catch (nb::python_error& error) {
        if (error.matches(PyExc_Exception)) return py::borrow(a[2]);
        if (error.matches(py::lookup("_pytest.outcomes", "OutcomeException"_n))) return py::borrow(a[2]);
        throw;
    }
}

object safe_isclass(Args a) {
    try {
        return py::boolean(py::is_instance(a[0], py::type_object(PyType_Type)));
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_Exception)) throw;
        return py::boolean(false);
    }
}

object get_user_id(Args) {
    object id = py::call(py::lookup("os", "getuid"_n));
    return py::equal(id, py::integer(-1)) ? py::none() : id;
}

object assert_never(Args a) {
    if (py::version::kHasAssertNever) return py::call(py::lookup("typing", "assert_never"_n), a[0]);
    py::raise(PyExc_AssertionError,
              py::cat("Unhandled value: ", a[0], " (", py::get(py::type_of(a[0]), "__name__"_n), ")"));
}

object running_on_ci(Args) {
    object environ = py::lookup("os", "environ"_n);
    for (handle name : {"CI"_n, "BUILD_NUMBER"_n})
        if (py::truth(py::call_method(environ, "get"_n, name))) return py::boolean(true);
    return py::boolean(false);
}

object deprecated(Args) {
    return py::make_function("decorator", "func", [](Args b) { return py::borrow(b[0]); });
}

object legacy_path(Args a) { return py::call(py::facade("_pytest.compat", "LEGACY_PATH"_n), a[0]); }

void define_callable_bool(py::Module& m) {
    py::Body value = [](Args a) { return py::get(a[0], "_value"_n); };
    m.cls("CallableBool")
        .def("__init__", "self, value",
             [](Args a) {
                 py::set(a[0], "_value"_n, a[1]);
                 return py::none();
             })
        .def("__bool__", "self", value)
        .def("__call__", "self", value)
        .doc("A truth value that may also be called, for attributes that should have been methods.")
        .make();
}

FASTEST_MODULE(compat, "_pytest.compat") {
    object members = py::new_dict();
    py::dict_set(members, "token"_n, py::integer(0));
    object type = py::call_kw(py::lookup("enum", "Enum"_n), {py::str("NotSetType"), members},
                              {{"module"_n, py::str("_pytest.compat")}});
    m.attr("NotSetType", type);
    m.attr("NOTSET", py::get(type, "token"_n));
    define_callable_bool(m);
    m.def("legacy_path", "path", legacy_path);
    m.def("iscoroutinefunction", "func", iscoroutinefunction);
    m.def("is_async_function", "func", is_async_function);
    m.def("signature", "obj", signature, "The signature, with annotations left as they are written.");
    m.def("getlocation", "function, curdir=None", getlocation);
    m.def("num_mock_patch_args", "function",
          [](Args a) { return py::integer(mock_patch_count(a[0])); },
          "How many arguments `mock.patch` decorators fill in.");
    m.def("getfuncargnames", "function, *, name='', cls=None", getfuncargnames,
          "The names of the arguments that must be given: no defaults, not bound, not filled in by mock.patch.");
    m.def("get_default_arg_names", "function", get_default_arg_names);
    m.def("ascii_escaped", "val", ascii_escaped);
    m.def("get_real_func", "obj", get_real_func, "The function under functools.wraps and functools.partial.");
    m.def("getimfunc", "func", getimfunc);
    m.def("safe_getattr", "object, name, default", safe_getattr,
          "`getattr` that gives the default for any Exception or test outcome.");
    m.def("safe_isclass", "obj", safe_isclass);
    m.def("get_user_id", "", get_user_id);
    m.def("assert_never", "value", assert_never);
    m.def("running_on_ci", "", running_on_ci);
    m.def("deprecated", "msg, /, *, category=None, stacklevel=1", deprecated);
}

}  // namespace
}  // namespace fastest::settings
