// Filters of warnings as written in `-W` and `filterwarnings`.

#include "base/text.h"
#include "engine/py/frame.h"
#include "engine/py/functools.h"
#include "engine/settings/config.h"
#include "engine/settings/config_files.h"

namespace fastest::settings {
namespace {

using namespace py::literals;
using py::Args;
using py::handle;
using py::object;

[[noreturn]] void raise_bad_filter(handle filter, std::string_view problem) {
    object usage = py::call(py::lookup("_pytest.config.exceptions", "UsageError"_n),
                            py::strcat("while parsing the following warning configuration:\n\n  ", filter,
                                       "\n\nThis error occurred:\n\n", problem, "\n"));
    py::raise_from(usage, Py_None);
}

object resolve_category(Args a) {
    std::string name = py::text(a[0]);
    if (name.empty()) return py::borrow(PyExc_Warning);
    std::size_t dot = name.rfind('.');
    std::string_view module_name = dot == std::string::npos ? "builtins" : std::string_view(name).substr(0, dot);
    object module = py::import_as_importlib(py::str(module_name));
    object category = py::get(module, py::str(dot == std::string::npos ? name : name.substr(dot + 1)));
    if (!py::is_subclass(category, PyExc_Warning))
        py::raise(py::lookup("_pytest.config.exceptions", "UsageError"_n),
                  py::cat(category, " is not a Warning subclass"));
    return category;
}

object category_of(handle filter, const std::string& name) {
    try {
        return py::call(py::facade("_pytest.config", "_resolve_warning_category"_n), py::str(name));
    } catch (nb::python_error& error) {
        if (error.matches(PyExc_ImportError) || !error.matches(PyExc_Exception)) throw;
        py::Handling handling(error);
        object value = py::borrow(error.value());
        if (error.traceback().is_valid()) py::set(value, "__traceback__"_n, error.traceback());
        for (const char* function : {"_resolve_warning_category", "parse_warning_filter"})
            py::add_traceback(value, "_pytest.config", function);
        object lines = py::call(py::lookup("traceback", "format_exception"_n), error.type(), value,
                                py::get(value, "__traceback__"_n));
        std::string shown = py::text(py::call_method(py::str(""), "join"_n, lines));
        raise_bad_filter(filter, base::strip_right(shown));
    }
}

object action_of(handle filter, const std::string& name) {
    object warnings = py::import_module("warnings");
    try {
        return py::call_method(warnings, "_getaction"_n, py::str(name));
    } catch (nb::python_error& error) {
        if (!error.matches(py::get(warnings, "_OptionError"_n))) throw;
        raise_bad_filter(filter, py::text_of(error.value()));
    }
}

object line_of(handle filter, const std::string& text) {
    if (text.empty()) return py::integer(0);
    std::string problem = "number is negative";
    try {
        object line = py::call(py::type_object(PyLong_Type), py::str(text));
        if (py::to_int(line) >= 0) return line;
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_ValueError)) throw;
        problem = py::text_of(error.value());
    }
    raise_bad_filter(filter, py::cat("invalid lineno ", py::repr_of(py::str(text)), ": ", problem));
}

object escaped(const std::string& text, bool escape) {
    return escape && !text.empty() ? py::call(py::lookup("re", "escape"_n), py::str(text)) : py::str(text);
}

void check_regexes(handle filter, handle first, handle second) {
    object re = py::import_module("re");
    try {
        for (handle regex : {first, second})
            if (py::truth(regex)) py::call_method(re, "compile"_n, regex);
    } catch (nb::python_error& error) {
        if (!error.matches(py::get(re, "error"_n))) throw;
        raise_bad_filter(
            filter, py::cat("Invalid regex ", py::repr_of(py::get(error.value(), "pattern"_n)), ": ", error.value()));
    }
}

object parse_warning_filter(Args a) {
    handle filter = a[0];
    bool escape = py::truth(a[1]);
    std::string whole = py::text(filter);
    std::vector<std::string> parts;
    for (std::string_view part : base::split(whole, ':')) parts.emplace_back(base::strip(part));
    if (parts.size() > 5)
        raise_bad_filter(
            filter, py::cat("Too many fields (", parts.size(),
                            "), expected at most 5 separated by colons:\n\n  action:message:category:module:line\n\n"
                            "For more information please consult: "
                            "https://docs.python.org/3/library/warnings.html#describing-warning-filters\n"));
    parts.resize(5);
    object action = action_of(filter, parts[0]), category = category_of(filter, parts[2]);
    object message = escaped(parts[1], escape), module = escaped(parts[3], escape);
    if (escape && !parts[3].empty()) module = py::strcat(module, "\\Z");
    object line = line_of(filter, parts[4]);
    check_regexes(filter, message, module);
    return py::tuple_of(action, message, category, module, line);
}

/// Warns from pytest's own line, as there is no frame of ours that stands for it.
void warn_of_import(handle filter, handle error, bool command_line) {
    object module = py::import_module("_pytest.config");
    object registry =
        py::call_method(py::get(module, "__dict__"_n), "setdefault"_n, py::str("__warningregistry__"), py::new_dict());
    object message = py::strcat("Failed to import filter module '", py::get(error, "name"_n), "': ", filter);
    py::call_kw(py::lookup("warnings", "warn_explicit"_n),
                {message, py::facade("_pytest.warning_types", "PytestConfigWarning"_n)},
                {{"filename"_n, py::get(module, "__file__"_n)},
                 {"lineno"_n, py::integer(command_line ? 2498 : 2489)},
                 {"module"_n, py::str("_pytest.config")},
                 {"registry"_n, registry}});
}

void apply(handle filters, bool escape) {
    for (object filter : py::each(filters)) {
        object parse = py::facade("_pytest.config", "parse_warning_filter"_n);
        try {
            object parsed = py::call_kw(parse, {filter}, {{"escape"_n, py::boolean(escape)}});
            py::call_ex(py::lookup("warnings", "filterwarnings"_n), parsed);
        } catch (nb::python_error& error) {
            if (!error.matches(PyExc_ImportError)) throw;
            py::Handling handling(error);
            warn_of_import(filter, error.value(), escape);
        }
    }
}

/// The command line's filters come last, so that they win.
object apply_warning_filters(Args a) {
    apply(a[0], false);
    apply(a[1], true);
    return py::none();
}

}  // namespace

void define_warning_filters(py::Module& m) {
    m.def("_resolve_warning_category", "category", resolve_category);
    object parse = m.def("parse_warning_filter", "arg, *, escape", parse_warning_filter);
    m.attr("parse_warning_filter", py::lru_cache(parse, py::integer(50)));
    m.def("apply_warning_filters", "config_filters, cmdline_filters", apply_warning_filters);
}

}  // namespace fastest::settings
