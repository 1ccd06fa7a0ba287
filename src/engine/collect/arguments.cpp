// Arguments of the command line: `path::name::name[params]`, or a dotted module name with --pyargs.

#include "engine/collect/session.h"

namespace fastest::collect {
namespace {

using py::Args;

[[noreturn]] void usage_error(const std::string& text) {
    py::raise(py::lookup("_pytest.config", "UsageError"_n), text);
}

object search_pypath(handle module_name, bool namespace_packages) {
    object spec;
    try {
        py::import_module("importlib.util");
        spec = py::call(py::lookup("importlib.util", "find_spec"_n), module_name);
    } catch (nb::python_error& error) {
        // A file name taken for a package; no such module; no module name.
        if (!error.matches(PyExc_AttributeError) && !error.matches(PyExc_ImportError) && !error.matches(PyExc_ValueError)) throw;
        return py::none();
    }
    if (py::is_none(spec)) return py::none();
    object locations = py::get(spec, "submodule_search_locations"_n), origin = py::get(spec, "origin"_n);
    if (py::is_none(locations) || py::length(locations) == 0) return origin;
    if (namespace_packages) return py::item(locations, py::integer(0));
    if (py::is_none(origin)) return py::none();
    return py::call(py::lookup("os.path", "dirname"_n), origin);
}

struct Pieces {
    object path;             // str
    object names;            // list of str
    object parametrization;  // "[...]" or None
};

Pieces split_argument(handle arg) {
    std::string text = py::text(arg);
    std::size_t bracket = text.find('[');
    object pieces = py::call_method(py::str(std::string_view(text).substr(0, bracket)), "split"_n, py::str("::"));
    object names = py::check(PySequence_GetSlice(pieces.ptr(), 1, PY_SSIZE_T_MAX));
    object parametrization = py::none();
    if (bracket != std::string::npos) {
        if (!py::truth(names)) usage_error(py::cat("path cannot contain [] parametrization: ", arg));
        parametrization = py::str(std::string_view(text).substr(bracket));
    }
    return {py::item(pieces, py::integer(0)), names, parametrization};
}

bool is_prefix(handle shorter, handle longer) {
    Py_ssize_t count = py::length(shorter);
    if (count > py::length(longer)) return false;
    return py::equal(py::check(PySequence_GetSlice(longer.ptr(), 0, count)), shorter);
}

/// Whether everything that `arg` names is among what `by` names.
bool is_subsumed(handle arg, handle by) {
    object path = py::get(arg, "path"_n), by_path = py::get(by, "path"_n);
    object by_parts = py::get(by, "parts"_n);
    if (!py::equal(by_path, path))
        return !py::truth(by_parts) && py::truth(py::call_method(path, "is_relative_to"_n, by_path));
    if (!is_prefix(by_parts, py::get(arg, "parts"_n))) return false;
    object by_params = py::get(by, "parametrization"_n);
    return py::is_none(by_params) || py::equal(by_params, py::get(arg, "parametrization"_n));
}

}  // namespace

object resolve_argument(handle invocation_path, handle arg, handle index, bool as_pypath, bool namespace_packages) {
    Pieces pieces = split_argument(arg);
    object module_name = py::none();
    if (as_pypath)
        if (object found = search_pypath(pieces.path, namespace_packages); !py::is_none(found)) {
            module_name = pieces.path;
            pieces.path = found;
        }
    object path = absolute_path(join_path(invocation_path, pieces.path));
    if (!py::truth(py::call(py::lookup("_pytest.pathlib", "safe_exists"_n), path)))
        usage_error(as_pypath ? py::cat("module or package not found: ", arg, " (missing __init__.py?)")
                              : py::cat("file or directory not found: ", arg));
    if (py::truth(pieces.names) && is_directory(path))
        usage_error(py::cat(as_pypath ? "package" : "directory", " argument cannot contain :: selection parts: ", arg));
    return py::call_kw(py::global<"main", "CollectionArgument">(), {},
                       {{"path"_n, path},
                        {"parts"_n, pieces.names},
                        {"parametrization"_n, pieces.parametrization},
                        {"module_name"_n, module_name},
                        {"original_index"_n, index}});
}

object normalize_arguments(handle arguments) {
    // Sorted, an argument stands right behind those that contain it.
    object sorted = py::new_list();
    long long position = 0;
    for (object argument : py::each(arguments)) {
        object params = py::get(argument, "parametrization"_n);
        py::append(sorted, py::tuple_of(py::get(argument, "path"_n), py::get(argument, "parts"_n),
                                        py::truth(params) ? params : py::str(""), py::integer(position++), argument));
    }
    py::check(PyList_Sort(sorted.ptr()));
    object kept = py::new_list(), last;
    for (object entry : py::each(sorted)) {
        object argument = py::item(entry, py::integer(4));
        if (last.is_valid() && is_subsumed(argument, last)) continue;
        py::append(kept, argument);
        last = argument;
    }
    object by_index = py::make_function("original_index", "argument", [](Args a) { return py::get(a[0], "original_index"_n); });
    py::call_kw(py::get(kept, "sort"_n), {}, {{"key"_n, by_index}});
    return kept;
}

void define_arguments(py::Module& m) {
    m.cls("CollectionArgument")
        .doc("An argument of the run, resolved: a path, and the names and parameters that are wanted in it.")
        .dataclass("path, parts, parametrization, module_name, original_index", {.frozen = true})
        .make();
    m.def("search_pypath", "module_name, *, consider_namespace_packages=False",
          [](Args a) { return search_pypath(a[0], py::truth(a[1])); });
    m.def("resolve_collection_argument",
          "invocation_path, arg, arg_index, *, as_pypath=False, consider_namespace_packages=False",
          [](Args a) { return resolve_argument(a[0], a[1], a[2], py::truth(a[3]), py::truth(a[4])); });
    m.def("is_collection_argument_subsumed_by", "arg, by", [](Args a) { return py::boolean(is_subsumed(a[0], a[1])); });
    m.def("normalize_collection_arguments", "collection_args", [](Args a) { return normalize_arguments(a[0]); });
}

}  // namespace fastest::collect
