#include "engine/collect/quick_import.h"

#include <array>

#include "engine/py/pathlib_path.h"
#include "engine/py/record.h"
#include "engine/py/short_cut.h"
#include "engine/py/threads.h"
#include "os/files.h"

namespace fastest::collect {
namespace {

using namespace py::literals;

py::ShortCut g_quick{
    "collect.quick_import",
    "A test module that the first place of the search path has is loaded by the rewriting hook without importlib's "
    "Python code. Seen by patches of importlib, and by modules that look at the frames below them."};

struct Finders {
    PyTypeObject* loading = nullptr;
    QuickLoad load = nullptr;
    PyTypeObject* of_one_module = nullptr;
};
Finders g_finders;  // constants: set when the namespaces are made

constexpr std::string_view kBootstrap = "<frozen importlib._bootstrap>",
                           kExternal = "<frozen importlib._bootstrap_external>";

/// Whether a function of importlib is the one that it was born with.
bool is_from(handle function, std::string_view file) {
    if (!PyFunction_Check(function.ptr())) return false;
    handle code = PyFunction_GetCode(function.ptr());
    return py::text(reinterpret_cast<PyCodeObject*>(code.ptr())->co_filename) == file;
}

/// The functions that an import by importlib goes through.
std::array<object, 8> functions_on_the_way(handle import_module) {
    object bootstrap = py::import_module("_frozen_importlib"),
           external = py::import_module("_frozen_importlib_external");
    return {py::borrow(import_module),
            py::get(bootstrap, "_gcd_import"_n),
            py::get(bootstrap, "_find_and_load"_n),
            py::get(bootstrap, "_find_spec"_n),
            py::get(bootstrap, "_load_unlocked"_n),
            py::get(bootstrap, "module_from_spec"_n),
            py::get(py::get(external, "PathFinder"_n), "find_spec"_n),
            py::get(py::get(external, "FileFinder"_n), "find_spec"_n)};
}

/// The function itself, without the class that a class method is bound to.
handle plain_function(handle function) {
    return PyMethod_Check(function.ptr()) ? handle(PyMethod_GET_FUNCTION(function.ptr())) : function;
}

/// Whether nobody has changed importlib. What was found right once is recognized again.
bool importlib_is_plain(handle import_module) {
    static std::array<PyObject*, 8> known{};  // constants once they are known
    std::array<object, 8> functions = functions_on_the_way(import_module);
    bool same = true;
    for (std::size_t i = 0; i < functions.size(); ++i) same = same && plain_function(functions[i]).ptr() == known[i];
    if (same) return true;
    std::string own_file = py::text(py::lookup("importlib", "__file__"_n));
    for (std::size_t i = 0; i < functions.size(); ++i) {
        std::string_view file = i == 0 ? own_file : i < 6 ? kBootstrap : kExternal;
        if (!is_from(plain_function(functions[i]), file)) return false;
    }
    for (std::size_t i = 0; i < functions.size(); ++i)
        if (!known[i]) known[i] = py::share(plain_function(functions[i]));
    return true;
}

/// The search path of a module: `sys.path`, or `__path__` of its package. Null when the package is not there yet, or
/// looks for its modules in its own way.
object search_path(handle package) {
    if (!py::truth(package)) return py::lookup("sys", "path"_n);
    object parent = py::dict_get(py::lookup("sys", "modules"_n), package);
    if (!parent.is_valid() || !PyModule_CheckExact(parent.ptr())) return {};
    object spec = py::get_or(parent, "__spec__"_n, Py_None);
    if (py::is_none(spec)) return {};
    return py::try_get(parent, "__path__"_n);
}

/// Whether the finder of a folder, whose listing is up to date, finds this source file under the name's last part.
bool finds(handle finder, const std::string& folder, const std::string& last, const std::string& file) {
    std::optional<double> changed = os::modification_time(folder);
    object listed = py::get(finder, "_path_mtime"_n), names = py::get(finder, "_path_cache"_n);
    if (!changed || !PyFloat_CheckExact(listed.ptr()) || PyFloat_AS_DOUBLE(listed.ptr()) != *changed) return false;
    if (!PySet_Check(names.ptr()) || py::contains(names, py::str(last))) return false;  // a folder could be a package
    for (object entry : py::each(py::get(finder, "_loaders"_n))) {
        object suffix = py::item(entry, py::integer(0));
        std::string name = last + py::text(suffix);
        if (!py::contains(names, py::str(name))) continue;
        object source_loader = py::get(py::import_module("_frozen_importlib_external"), "SourceFileLoader"_n);
        return py::item(entry, py::integer(1)).is(source_loader) && folder + "/" + name == file;
    }
    return false;
}

bool is_in_first_place(handle name, const std::string& file) {
    std::string dotted = py::text(name);
    std::size_t dot = dotted.rfind('.'), slash = file.rfind('/');
    if (slash == std::string::npos) return false;
    object search = search_path(py::str(dot == std::string::npos ? "" : dotted.substr(0, dot)));
    if (!search.is_valid() || !PyList_CheckExact(search.ptr()) || !PyList_GET_SIZE(search.ptr())) return false;
    handle first = PyList_GET_ITEM(search.ptr(), 0);
    std::string folder = file.substr(0, slash);
    if (!PyUnicode_CheckExact(first.ptr()) || py::text(first) != folder) return false;
    object finders = py::lookup("sys", "path_importer_cache"_n);
    object finder = PyDict_CheckExact(finders.ptr()) ? py::dict_get(finders, first) : object();
    object file_finder = py::get(py::import_module("_frozen_importlib_external"), "FileFinder"_n);
    return finder.is_valid() && reinterpret_cast<PyObject*>(Py_TYPE(finder.ptr())) == file_finder.ptr() &&
           finds(finder, folder, dot == std::string::npos ? dotted : dotted.substr(dot + 1), file);
}

object load(handle import_module, handle name, handle path) {
    object finder = first_finder(name);
    if (!finder.is_valid() || py::believes_in_lookers() || py::other_threads() ||
        !py::equal(py::lookup("sys", "platform"_n), "linux"_n) || py::contains(py::lookup("sys", "modules"_n), name) ||
        !importlib_is_plain(import_module))
        return {};
    std::optional<std::string> text = py::plain_path_text(path);
    return text && is_in_first_place(name, *text) ? g_finders.load(finder, name, path, py::str(*text)) : object();
}

}  // namespace

object first_finder(handle name) {
    object finders = py::lookup("sys", "meta_path"_n);
    if (!PyList_CheckExact(finders.ptr())) return {};
    for (object finder : py::each(finders)) {
        PyTypeObject* type = Py_TYPE(finder.ptr());
        if (type == g_finders.loading) return finder;
        if (type != g_finders.of_one_module || py::equal(py::get(finder, "name"_n), name)) return {};
    }
    return {};
}

void loads_quickly(handle finder_class, QuickLoad load) {
    g_finders.loading = reinterpret_cast<PyTypeObject*>(finder_class.ptr());
    g_finders.load = load;
}

void finds_one_module(handle finder_class) {
    g_finders.of_one_module = reinterpret_cast<PyTypeObject*>(finder_class.ptr());
}

void import_module(handle name, handle path) {
    object by_importlib = py::lookup("importlib", "import_module"_n);
    if (!g_quick.take(load(by_importlib, name, path).is_valid())) py::call(by_importlib, name);
}

}  // namespace fastest::collect
