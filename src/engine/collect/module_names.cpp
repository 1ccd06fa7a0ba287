// From a file to the dotted name under which it is imported.

#include "engine/collect/module_names.h"

#include "os/files.h"
#include "os/paths.h"

namespace fastest::collect {
namespace {

using py::Args;

object without_suffix(handle path) { return py::call_method(path, "with_suffix"_n, py::str("")); }

std::string dotted(const std::vector<std::string>& names) {
    std::string out;
    for (const std::string& name : names) {
        if (!out.empty() || &name != &names.front()) out += '.';
        out += name;
    }
    return out;
}

/// `path.relative_to(base).parts`; nothing when it is not below.
bool parts_below(handle path, handle base, std::vector<std::string>& names) {
    try {
        for (object part : py::each(py::get(py::call_method(path, "relative_to"_n, base), "parts"_n)))
            names.push_back(py::text(part));
        return true;
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_ValueError)) throw;
        return false;
    }
}

object name_from_path(handle given, handle root) {
    object path = without_suffix(given);
    std::vector<std::string> names;
    if (!parts_below(path, root, names)) {
        for (object part : py::each(py::get(path, "parts"_n))) names.push_back(py::text(part));
        if (!names.empty()) names.erase(names.begin());  // the root or drive
    }
    if (names.size() >= 2 && names.back() == "__init__") names.pop_back();
    for (std::string& name : names)
        for (char& c : name)
            if (c == '.') c = '_';  // a dot would stand for a package, a leading one for a relative import
    return py::str(dotted(names));
}

object compute_name(handle root, handle module_path) {
    object bare;
    try {
        bare = without_suffix(module_path);
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_ValueError)) throw;  // an empty path
        return py::none();
    }
    std::vector<std::string> names;
    if (!parts_below(bare, root, names) || names.empty()) return py::none();
    if (names.back() == "__init__") names.pop_back();
    return py::str(dotted(names));
}

/// Whether a file lies in no package.
bool is_outside_packages(handle path) {
    std::string text = system_text(path);
    return text.starts_with('/') && !os::is_folder(text) && !os::exists(os::join(os::parent(text), "__init__.py"));
}

object package_path(handle path) {
    object result = py::none();
    if (is_outside_packages(path)) return result;
    object candidates = py::list_of(path);
    py::call_method(candidates, "extend"_n, py::get(path, "parents"_n));
    for (object parent : py::each(candidates)) {
        if (!is_directory(parent)) continue;
        if (!is_file(join_path(parent, "__init__.py"_n))) break;
        if (!py::truth(py::call_method(py::get(parent, "name"_n), "isidentifier"_n))) break;
        result = parent;
    }
    return result;
}

object importable(handle module_name, handle module_path) {
    object spec;
    try {
        py::import_module("importlib.util");
        spec = py::call(py::lookup("importlib.util", "find_spec"_n), module_name);
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_ImportError) && !error.matches(PyExc_ValueError) &&
            !error.matches(PyExc_ImportWarning))
            throw;
        return py::boolean(false);
    }
    return py::boolean(spec_matches(spec, module_path));
}

bool names_a_path(handle text, handle path) { return py::equal(py::call(path_class(), text), path); }

}  // namespace

bool spec_matches(handle spec, handle module_path) {
    if (py::is_none(spec)) return false;
    if (object origin = py::get(spec, "origin"_n); py::truth(origin)) return names_a_path(origin, module_path);
    object locations = py::get(spec, "submodule_search_locations"_n);
    if (py::truth(locations))
        for (object location : py::each(locations))
            if (names_a_path(location, module_path)) return true;
    return false;
}

std::optional<ImportName> resolve_import_name(handle path, bool namespace_packages) {
    object root = py::none();
    if (object package = package_path(path); !py::is_none(package)) root = py::get(package, "parent"_n);
    if (namespace_packages) {
        object start = py::is_none(root) ? py::get(path, "parent"_n) : root;
        object candidates = py::list_of(start);
        py::call_method(candidates, "extend"_n, py::get(start, "parents"_n));
        for (object candidate : py::each(candidates)) {
            object name = compute_name(candidate, path);
            if (!py::truth(name)) continue;
            if (!py::truth(py::call(py::lookup("_pytest.pathlib", "is_importable"_n), name, path))) continue;
            root = candidate;
            break;
        }
    }
    if (py::is_none(root)) return std::nullopt;
    object name = compute_name(root, path);
    if (!py::truth(name)) return std::nullopt;
    return ImportName{root, name};
}

object module_name_from_path(handle path, handle root) { return name_from_path(path, root); }

void define_module_names(py::Module& m) {
    m.cls("CouldNotResolvePathError", {PyExc_Exception}).doc("The path belongs to no package.").make();
    m.def("module_name_from_path", "path, root", [](Args a) { return name_from_path(a[0], a[1]); });
    m.def("compute_module_name", "root, module_path", [](Args a) { return compute_name(a[0], a[1]); });
    m.def("resolve_package_path", "path", [](Args a) { return package_path(a[0]); });
    m.def("resolve_pkg_root_and_module_name", "path, *, consider_namespace_packages=False", [](Args a) {
        auto found = resolve_import_name(a[0], py::truth(a[1]));
        if (!found)
            py::raise(py::lookup("_pytest.pathlib", "CouldNotResolvePathError"_n),
                      py::cat("Could not resolve for ", a[0]));
        return py::tuple_of(found->root, found->name);
    });
    m.def("is_importable", "module_name, module_path", [](Args a) { return importable(a[0], a[1]); });
    m.def("spec_matches_module_path", "module_spec, module_path",
          [](Args a) { return py::boolean(spec_matches(a[0], a[1])); });
}

}  // namespace fastest::collect
