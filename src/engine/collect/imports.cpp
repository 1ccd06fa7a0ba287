// Import modes: how a test file or conftest becomes a module.

#include "engine/collect/module_names.h"
#include "engine/collect/quick_import.h"
#include "engine/nodes/node.h"
#include "engine/py/own_method.h"
#include "engine/py/pathlib_path.h"
#include "os/files.h"

namespace fastest::collect {
namespace {

using py::Args;

object loaded_modules() { return py::lookup("sys", "modules"_n); }

/// `sys.modules[name]`, or null.
object loaded(handle name) {
    try {
        return py::item(loaded_modules(), name);
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_KeyError)) throw;
        return {};
    }
}

// --- by spec, without sys.path ------------------------------------------------------------------------------------

struct DottedName {
    object parent, child;
};
DottedName split_name(handle name) {
    object pieces = py::call_method(name, "rpartition"_n, py::str("."));
    return {py::item(pieces, py::integer(0)), py::item(pieces, py::integer(2))};
}

/// What a parent package is loaded from: its `__init__.py`, or its directory when it is a namespace.
object parent_location(handle module_path) {
    object folder = py::get(module_path, "parent"_n);
    if (py::equal(py::get(module_path, "name"_n), "__init__.py"_n)) folder = py::get(folder, "parent"_n);
    object init = join_path(folder, "__init__.py"_n);
    return is_file(init) ? init : folder;
}

object import_by_spec(handle name, handle path, bool insert_modules);

object parent_of_module(handle parent_name, handle module_path, bool insert_modules) {
    if (!py::truth(parent_name)) return py::none();
    object parent = py::call_method(loaded_modules(), "get"_n, parent_name);
    if (!py::is_none(parent) && py::has(parent, "__path__"_n)) return parent;
    return import_by_spec(parent_name, parent_location(module_path), insert_modules);
}

object find_spec(handle name, handle path) {
    object search = py::list_of(py::to_str(py::get(path, "parent"_n)));
    for (object finder : py::each(py::lookup("sys", "meta_path"_n))) {
        object spec = py::call_method(finder, "find_spec"_n, name, search);
        if (spec_matches(spec, path)) return spec;
    }
    object loader = py::none();
    if (is_directory(path))
        loader = py::call(py::lookup("_frozen_importlib_external", "NamespaceLoader"_n), name, path,
                          py::call(py::lookup("importlib.machinery", "PathFinder"_n)));
    py::import_module("importlib.util");
    return py::call_kw(py::lookup("importlib.util", "spec_from_file_location"_n), {name, py::to_str(path)},
                       {{"loader"_n, loader}});
}

object import_by_spec(handle name, handle path, bool insert_modules) {
    DottedName split = split_name(name);
    object parent = parent_of_module(split.parent, path, insert_modules);
    object spec = find_spec(name, path);
    if (!spec_matches(spec, path)) return py::none();
    object module = py::call(py::lookup("importlib.util", "module_from_spec"_n), spec);
    py::set_item(loaded_modules(), name, module);
    py::call_method(py::get(spec, "loader"_n), "exec_module"_n, module);
    if (!py::is_none(parent)) py::set(parent, split.child, module);
    if (insert_modules) py::call(py::lookup("_pytest.pathlib", "insert_missing_modules"_n), loaded_modules(), name);
    return module;
}

/// The parent module: imported when it can be, else an empty one.
object find_or_make_parent(handle parent_name, handle child_name) {
    try {
        if (!py::truth(py::lookup("sys", "meta_path"_n)))  // importing would warn
            py::raise(PyExc_ModuleNotFoundError, "");
        return py::call(py::lookup("importlib", "import_module"_n), parent_name);
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_ModuleNotFoundError)) throw;
        return py::call_kw(py::type_object(PyModule_Type), {child_name},
                           {{"doc"_n, py::str("Empty module created by pytest's importmode=importlib.")}});
    }
}

object insert_missing_modules(Args a) {
    handle modules = a[0];
    for (object name = py::borrow(a[1]); py::truth(name);) {
        DottedName split = split_name(name);
        if (py::truth(split.parent)) {
            object parent = py::call_method(modules, "get"_n, split.parent);
            if (py::is_none(parent)) {
                parent = find_or_make_parent(split.parent, name);
                py::set_item(modules, split.parent, parent);
            }
            if (!py::has(parent, split.child)) py::set(parent, split.child, py::item(modules, name));
        }
        name = split.parent;
    }
    return py::none();
}

object import_without_sys_path(handle path, handle root, bool namespace_packages) {
    object import_one = py::lookup("_pytest.pathlib", "_import_module_using_spec"_n);
    auto by_spec = [&](handle name, bool insert) {
        return py::call_kw(import_one, {name, path}, {{"insert_modules"_n, py::boolean(insert)}});
    };
    if (auto found = resolve_import_name(path, namespace_packages)) {
        if (object known = loaded(found->name); known.is_valid()) return known;
        if (object module = by_spec(found->name, false); !py::is_none(module)) return module;
    }
    object name = module_name_from_path(path, root);
    if (object known = loaded(name); known.is_valid()) return known;
    object module = by_spec(name, true);
    if (py::is_none(module)) py::raise(PyExc_ImportError, py::cat("Can't find module ", name, " at location ", path));
    return module;
}

// --- with sys.path ------------------------------------------------------------------------------------------------

/// The place stays on sys.path for good: imports inside functions of the module need it later.
void put_on_sys_path(handle folder, bool first) {
    object text = py::to_str(folder);
    object search = py::lookup("sys", "path"_n);
    if (!first) {
        if (!py::contains(search, text)) py::call_method(search, "append"_n, text);
    } else if (!py::equal(text, py::item(search, py::integer(0)))) {
        py::call_method(search, "insert"_n, py::integer(0), text);
    }
}

bool same_file(handle path, std::string_view module_file) {
    object compare = py::lookup("_pytest.pathlib", "_is_same"_n), text = py::path_str(path);
    if (py::text(text) == module_file && compare.is(py::global<"pathlib", "_is_same">()) &&
        os::exists(std::string(module_file)))
        return true;
    try {
        return py::truth(py::call(compare, text, py::str(module_file)));
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_FileNotFoundError)) throw;
        return false;
    }
}

bool ignores_other_files() {
    object environ = py::lookup("os", "environ"_n);
    return py::equal(py::call_method(environ, "get"_n, py::str("PY_IGNORE_IMPORTMISMATCH"), py::str("")), py::str("1"));
}

/// Another file of the same module name may have been imported before.
void check_imported_file(handle module, handle name, handle path) {
    object file = py::try_get(module, "__file__"_n);
    bool has_text = file.is_valid() && py::is_str(file);
    if (!has_text && ignores_other_files()) return;
    if (!file.is_valid()) file = py::get(module, "__file__"_n);        // raises
    if (!has_text && !py::is_none(file)) py::get(file, "endswith"_n);  // raises
    bool same = false;
    if (has_text) {
        std::string text = py::text(file);
        if (text.ends_with(".pyc") || text.ends_with(".pyo")) text.pop_back();
        file = py::str(text);
        std::string init = py::text(py::lookup("os", "sep"_n)) + "__init__.py";
        if (text.ends_with(init)) {
            text.resize(text.size() - init.size());
            file = py::str(text);
        }
        same = same_file(path, text);
    }
    if (!same && !ignores_other_files())
        py::raise_exception(py::call(py::lookup("_pytest.pathlib", "ImportPathMismatchError"_n), name, file, path));
}

enum class Mode { kPrepend, kAppend, kImportlib };

/// Null: the default. Anything but the name of a mode goes through the enum, which complains of what it does not know.
Mode mode_of(handle given) {
    if (!given.is_valid()) return Mode::kPrepend;
    object name = PyUnicode_CheckExact(given.ptr()) ? py::borrow(given) : object();
    for (bool asked = false;; asked = true) {
        std::string text = name.is_valid() ? py::text(name) : std::string();
        if (text == "prepend") return Mode::kPrepend;
        if (text == "append") return Mode::kAppend;
        if (text == "importlib") return Mode::kImportlib;
        if (asked) py::raise(PyExc_AssertionError, "");
        name = py::get(py::call(py::lookup("_pytest.pathlib", "ImportMode"_n), given), "value"_n);
    }
}

py::OwnMethod g_exists;  // a constant: of pathlib.Path

bool path_exists(handle path, const std::optional<std::string>& text) {
    if (text && g_exists.found_in(Py_TYPE(path.ptr()))) return os::exists(*text);
    return py::truth(py::call_method(path, "exists"_n));
}

/// `path.name`, and the folder and name to import it by where it is in no package.
struct FileParts {
    FileParts(handle path, const std::optional<std::string>& text) {
        std::size_t slash = text ? text->rfind('/') : std::string::npos;
        if (slash == std::string::npos || slash == 0 || slash + 1 == text->size()) {
            name = py::text(py::get(path, "name"_n));
            folder = py::get(path, "parent"_n);
            stem = py::get(path, "stem"_n);
            return;
        }
        name = text->substr(slash + 1);
        folder = py::str(text->substr(0, slash));
        std::size_t dot = name.rfind('.');
        stem = py::str(dot == std::string::npos || dot == 0 || dot + 1 == name.size() ? name : name.substr(0, dot));
    }
    std::string name;
    object folder, stem;
};

object import_path(Args a) {
    object path = as_path(a[0]);
    Mode mode = mode_of(a.given(1) ? a[1] : handle());
    std::optional<std::string> text = py::plain_path_text(path);
    if (!path_exists(path, text)) py::raise_exception(py::call(PyExc_ImportError, path));
    bool namespace_packages = py::truth(a[3]);
    if (mode == Mode::kImportlib) return import_without_sys_path(path, a[2], namespace_packages);

    auto found = resolve_import_name(path, namespace_packages);
    FileParts parts(path, text);
    object root = found ? found->root : parts.folder, name = found ? found->name : parts.stem;
    put_on_sys_path(root, mode == Mode::kPrepend);
    import_module(name, path);
    object module = py::item(loaded_modules(), name);
    if (parts.name != "__init__.py") check_imported_file(module, name, path);
    return module;
}

object make_import_mode() {
    object names = py::new_dict();
    for (const char* name : {"prepend", "append", "importlib"}) py::dict_set(names, py::str(name), py::str(name));
    object mode = py::call_kw(py::lookup("enum", "Enum"_n), {py::str("ImportMode"), names},
                              {{"module"_n, py::str("_pytest.pathlib")}});
    py::set(mode, "__doc__"_n, py::str("How test files are imported."));
    return mode;
}

}  // namespace

void define_imports(py::Module& m) {
    g_exists.remember(py::pathlib_path(), "exists");
    m.attr("ImportMode", make_import_mode());
    m.cls("ImportPathMismatchError", {PyExc_ImportError})
        .doc(
            "The module that was imported comes from another file than the one that was asked for: (name, its file, "
            "path).")
        .make();
    m.def("import_path", "path, *, mode=_pytest.pathlib.ImportMode.prepend, root, consider_namespace_packages",
          import_path, "Import a file (or a package's directory) as a module, by one of the import modes.");
    m.def("_import_module_using_spec", "module_name, module_path, *, insert_modules",
          [](Args a) { return import_by_spec(a[0], a[1], py::truth(a[2])); });
    m.def("insert_missing_modules", "modules, module_name", insert_missing_modules);
    m.def("_is_same", "f1, f2", [](Args a) { return py::call(py::lookup("os.path", "samefile"_n), a[0], a[1]); });
}

}  // namespace fastest::collect
