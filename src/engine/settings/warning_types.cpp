// The warning categories of pytest, as users see them: `pytest.PytestWarning` and its family.

#include "engine/py/module.h"

namespace fastest::settings {
namespace {

using namespace py::literals;
using py::Args;
using py::handle;
using py::object;

struct Category {
    const char* name;
    const char* base;           // another category, or null for UserWarning
    PyObject** builtin_mixin;   // a second, builtin base
    const char* doc;
};

const Category kCategories[] = {
    {"PytestWarning", nullptr, nullptr, "What all warnings of pytest derive from."},
    {"PytestAssertRewriteWarning", "PytestWarning", nullptr, "A problem met while rewriting assertions."},
    {"PytestCacheWarning", "PytestWarning", nullptr, "The cache directory could not be read or written."},
    {"PytestConfigWarning", "PytestWarning", nullptr, "Something is wrong with the configuration."},
    {"PytestCollectionWarning", "PytestWarning", nullptr, "A file or a name in a module could not be collected."},
    {"PytestDeprecationWarning", "PytestWarning", &PyExc_DeprecationWarning,
     "A feature that a later version will not have."},
    {"PytestRemovedIn10Warning", "PytestDeprecationWarning", nullptr, "A feature that pytest 10 will not have."},
    {"PytestExperimentalApiWarning", "PytestWarning", &PyExc_FutureWarning,
     "An experimental API that may change or go away."},
    {"PytestReturnNotNoneWarning", "PytestWarning", nullptr, "A test returned something other than None."},
    {"PytestUnknownMarkWarning", "PytestWarning", nullptr, "A mark that is not registered was used."},
    {"PytestUnraisableExceptionWarning", "PytestWarning", nullptr,
     "An exception in `__del__` or a like place, where it cannot be raised."},
    {"PytestUnhandledThreadExceptionWarning", "PytestWarning", nullptr, "An exception ended a thread."},
    {"PytestApproxDecimalToleranceWarning", "PytestWarning", nullptr,
     "`pytest.approx` compared a Decimal with a float tolerance."},
    {"PytestFDWarning", "PytestWarning", nullptr, "File descriptors were leaked."},
};

object simple(Args a) {
    return py::call(a[0], py::strcat(a[1], " is an experimental api that may change over time"));
}

void define_categories(py::Module& m) {
    for (const Category& category : kCategories) {
        object base = category.base ? m.get(category.base) : py::borrow(PyExc_UserWarning);
        auto builder = category.builtin_mixin ? m.cls(category.name, {base, *category.builtin_mixin})
                                              : m.cls(category.name, {base});
        builder.attr("__module__", py::str("pytest")).doc(category.doc);
        if (category.builtin_mixin == &PyExc_FutureWarning) builder.classmethod("simple", "cls, apiname", simple);
        builder.make();
    }
}

/// `UnformattedWarning.format(**values)`: a warning of its category with the template filled in.
object format(Args a) {
    object formatted = py::call_ex(py::get(py::get(a[0], "template"_n), "format"_n), py::tuple_of(), a[1]);
    return py::call(py::get(a[0], "category"_n), formatted);
}

/// Where a function is defined. A native function has no line of its own and is said to be at the top of its module.
struct Definition {
    object file, line, globals;

    explicit Definition(handle function) {
        object code = py::try_get(function, "__code__"_n);
        if (code.is_valid()) {
            line = py::get(code, "co_firstlineno"_n);
            file = py::call(py::lookup("inspect", "getfile"_n), function);
            globals = py::get(function, "__globals__"_n);
            return;
        }
        object module = py::import_module(py::get(function, "__module__"_n));
        line = py::integer(1);
        file = py::get(module, "__file__"_n);
        globals = py::get(module, "__dict__"_n);
    }
};

/// Warns as if the warning came from the `def` line of a function.
object warn_explicit_for(Args a) {
    handle method = a[0], message = a[1];
    Definition definition(method);
    object file = definition.file, line = definition.line;
    object registry = py::call_method(definition.globals, "setdefault"_n, py::str("__warningregistry__"), py::new_dict());
    try {
        py::call_kw(py::lookup("warnings", "warn_explicit"_n), {message, py::type_of(message)},
                    {{"filename"_n, file},
                     {"module"_n, py::get(method, "__module__"_n)},
                     {"registry"_n, registry},
                     {"lineno"_n, line}});
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_Warning)) throw;
        py::Handling handling(error);
        object located = py::call(error.type(), py::strcat(error.value(), "\n at ", file, ":", line));
        py::raise_from(located, Py_None);
    }
    return py::none();
}

FASTEST_MODULE(warning_types, "_pytest.warning_types") {
    define_categories(m);
    m.cls("UnformattedWarning")
        .dataclass("category, template")
        .def("format", "self, **kwargs", format)
        .generic()
        .doc("A warning whose message is completed when it is emitted.")
        .make();
    m.def("warn_explicit_for", "method, message", warn_explicit_for);
}

}  // namespace
}  // namespace fastest::settings
