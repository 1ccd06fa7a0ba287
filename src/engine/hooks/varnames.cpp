// Parameter names of hook functions, read from code objects where there is one, so that annotations are never
// evaluated.

#include "engine/hooks/impl.h"
#include "engine/py/module.h"

namespace fastest::hooks {

using namespace py::literals;

namespace {

/// What is left of a callable when classes, callable objects, bindings and decorators are taken off.
struct Bare {
    object function;
    bool bound = false;
};

Bare bare_function(handle callable) {
    Bare bare{py::borrow(callable)};
    if (PyType_Check(callable.ptr())) {
        bare.function = py::get_or(callable, "__init__"_n, Py_None);
    } else if (!PyFunction_Check(callable.ptr()) && !PyMethod_Check(callable.ptr()) &&
               !py::is_native_function(callable) && !py::has(callable, "__wrapped__"_n)) {
        bare.function = py::get_or(callable, "__call__"_n, Py_None);
    }
    for (int depth = 0; depth < 1000; ++depth) {
        if (PyMethod_Check(bare.function.ptr())) {
            bare.function = py::borrow(PyMethod_GET_FUNCTION(bare.function.ptr()));
            bare.bound = true;
            continue;
        }
        object wrapped = py::try_get(bare.function, "__wrapped__"_n);
        if (!wrapped.is_valid()) break;
        bare.function = wrapped;
    }
    return bare;
}

/// The positional parameters of a function: names, and how many of the last ones have defaults.
struct Positional {
    std::vector<object> names;
    std::size_t defaults = 0;
};

bool read_positional(handle function, Positional& found) {
    if (py::is_native_function(function)) {
        for (const py::Parameter& p : py::function_spec(function).signature.parameters()) {
            if (p.kind > py::ParameterKind::kPositional) break;
            found.names.push_back(py::borrow(p.interned));
            found.defaults += p.optional;
        }
        return true;
    }
    object code = py::try_get(function, "__code__"_n);
    if (!code.is_valid() || !PyCode_Check(code.ptr())) return false;
    object names = py::version::code_varnames(code);
    int count = reinterpret_cast<PyCodeObject*>(code.ptr())->co_argcount;
    for (int i = 0; i < count; ++i) found.names.push_back(py::borrow(PyTuple_GET_ITEM(names.ptr(), i)));
    object defaults = py::get_or(function, "__defaults__"_n, Py_None);
    if (!py::is_none(defaults)) found.defaults = static_cast<std::size_t>(py::length(defaults));
    return true;
}

void warn_without_self(std::string_view qualname, handle first) {
    if (qualname == "TimeoutHooks.pytest_timeout_set_timer" || qualname == "TimeoutHooks.pytest_timeout_cancel_timer")
        return;
    object text = py::strcat(qualname, " is a method but its first parameter ", py::repr_of(first),
                             " is not 'self'. Add 'self' as the first parameter or use @staticmethod. "
                             "This will become an error in a future version of pluggy.");
    py::warn(PyExc_DeprecationWarning, py::text(text));
}

/// Whether the function was written in a class body, not at module level or directly in a function.
std::string method_qualname(handle function) {
    object qualname = py::get_or(function, "__qualname__"_n, Py_None);
    if (!py::is_str(qualname)) return {};
    std::string name = py::text(qualname);
    if (auto at = name.rfind("<locals>."); at != std::string::npos) name.erase(0, at + 9);
    return name.find('.') == std::string::npos ? std::string() : name;
}

object tuple_from(const std::vector<object>& items, std::size_t begin, std::size_t end) {
    object result = py::check(PyTuple_New(static_cast<Py_ssize_t>(end - begin)));
    for (std::size_t i = begin; i < end; ++i)
        PyTuple_SET_ITEM(result.ptr(), static_cast<Py_ssize_t>(i - begin), py::share(items[i].ptr()));
    return result;
}

}  // namespace

VarNames varnames(handle function, bool legacy_noself) {
    Bare bare = bare_function(function);
    Positional found;
    if (!read_positional(bare.function, found)) return {py::tuple_of(), py::tuple_of()};
    std::size_t size = found.names.size();
    std::size_t split = size - std::min(found.defaults, size);
    std::size_t begin = 0;
    if (size && bare.bound) {
        begin = 1;
    } else if (size) {
        std::string qualname = method_qualname(bare.function);
        std::string first = py::text(found.names[0]);
        bool implicit = first == "self" || first == "cls";
        if (!qualname.empty() && implicit) begin = 1;
        // Only a plain function of a class body: a static method has no self to forget.
        if (legacy_noself && !qualname.empty() && !implicit) warn_without_self(qualname, found.names[0]);
    }
    split = std::max(split, begin);
    return {tuple_from(found.names, begin, split), tuple_from(found.names, split, size)};
}

bool is_generator_function(handle function) {
    Bare bare{py::borrow(function)};
    while (PyMethod_Check(bare.function.ptr())) bare.function = py::borrow(PyMethod_GET_FUNCTION(bare.function.ptr()));
    if (py::is_native_function(bare.function)) return py::function_spec(bare.function).generator != nullptr;
    if (PyFunction_Check(bare.function.ptr()))
        return reinterpret_cast<PyCodeObject*>(PyFunction_GET_CODE(bare.function.ptr()))->co_flags & CO_GENERATOR;
    return py::truth(py::call(py::lookup("inspect", "isgeneratorfunction"_n), function));
}

FASTEST_MODULE(pluggy_varnames, "pluggy._decorators") {
    m.def("varnames", "func, *, legacy_noself=False", [](py::Args a) -> object {
        VarNames names = varnames(a[0], py::truth(a[1]));
        return py::tuple_of(names.required, names.optional);
    });
    m.attr("_IMPLICIT_NAMES", py::tuple_of("self"_n, "cls"_n));
}

}  // namespace fastest::hooks
