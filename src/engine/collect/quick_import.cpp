#include "engine/collect/quick_import.h"

#include <array>

#include "engine/py/import_watch.h"
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

/// `importlib.import_module`; null while nobody has imported importlib, who could have changed it.
object function_of_importlib() {
    object module = py::loaded_module("importlib"_n);
    return module.is_valid() ? py::get(module, "import_module"_n) : object();
}

/// The functions that an import by importlib goes through.
std::array<object, 7> functions_on_the_way() {
    object bootstrap = py::import_module("_frozen_importlib"),
           external = py::import_module("_frozen_importlib_external");
    return {py::get(bootstrap, "_gcd_import"_n),
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

/// Whether nobody has changed what importlib works with. What was found right once is recognized again.
bool bootstrap_is_plain() {
    static std::array<PyObject*, 7> known{};  // constants once they are known
    std::array<object, 7> functions = functions_on_the_way();
    bool same = true;
    for (std::size_t i = 0; i < functions.size(); ++i) same = same && plain_function(functions[i]).ptr() == known[i];
    if (same) return true;
    for (std::size_t i = 0; i < functions.size(); ++i)
        if (!is_from(plain_function(functions[i]), i < 5 ? kBootstrap : kExternal)) return false;
    for (std::size_t i = 0; i < functions.size(); ++i)
        if (!known[i]) known[i] = py::share(plain_function(functions[i]));
    return true;
}

bool importlib_is_plain() {
    object function = function_of_importlib();
    return (!function.is_valid() || is_from(function, py::text(py::lookup("importlib", "__file__"_n)))) &&
           bootstrap_is_plain();
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

/// Lists the folder again if it has changed, as a finder does before it looks. Whether the folder is there.
bool update_listing(handle finder, const std::string& folder) {
    std::optional<double> changed = os::modification_time(folder);
    if (!changed) return false;
    object time = py::check(PyFloat_FromDouble(*changed));
    if (py::equal(py::get(finder, "_path_mtime"_n), time)) return true;
    py::call_method(finder, "_fill_cache"_n);
    py::set(finder, "_path_mtime"_n, time);
    return true;
}

/// Whether the finder of a folder finds this source file under the name's last part.
bool finds(handle finder, const std::string& folder, const std::string& last, const std::string& file) {
    if (!update_listing(finder, folder)) return false;
    object names = py::get(finder, "_path_cache"_n);
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

/// The finder of a place of the search path, as `PathFinder` finds or makes it.
object finder_of(handle place) {
    object finders = py::lookup("sys", "path_importer_cache"_n);
    object finder = PyDict_CheckExact(finders.ptr()) ? py::dict_get(finders, place) : object();
    if (finder.is_valid()) return finder;
    object path_finder = py::get(py::import_module("_frozen_importlib_external"), "PathFinder"_n);
    return py::call_method(path_finder, "_path_importer_cache"_n, place);
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
    object finder = finder_of(first);
    object file_finder = py::get(py::import_module("_frozen_importlib_external"), "FileFinder"_n);
    return py::type_of(finder).is(file_finder) &&
           finds(finder, folder, dot == std::string::npos ? dotted : dotted.substr(dot + 1), file);
}

object load(handle name, handle path) {
    object finder = first_finder(name);
    if (!finder.is_valid() || py::believes_in_lookers() || py::other_threads() ||
        !py::equal(py::lookup("sys", "platform"_n), "linux"_n) || py::contains(py::lookup("sys", "modules"_n), name) ||
        !importlib_is_plain())
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
        if (!py::is_import_watch(finder) || py::watches(finder, name)) return {};
    }
    return {};
}

void loads_quickly(handle finder_class, QuickLoad load) {
    g_finders.loading = reinterpret_cast<PyTypeObject*>(finder_class.ptr());
    g_finders.load = load;
}

void import_module(handle name, handle path) {
    if (!g_quick.take(load(name, path).is_valid())) py::call(py::lookup("importlib", "import_module"_n), name);
}

}  // namespace fastest::collect
