#include "engine/settings/late_imports.h"

#include "engine/py/import_watch.h"

namespace fastest::settings {
namespace {

using namespace py::literals;
using py::Args;
using py::handle;
using py::object;

struct Package {
    const char* name;
    const char* submodules;  // separated by spaces
};

/// In `sys.modules` of pytest 9.2.0 before it loads the first plugin or conftest, beyond what the packages import
/// themselves.
constexpr Package kPackages[] = {
    {"email", "base64mime charset encoders errors header iterators message quoprimime utils"},
    {"html", "entities"},
    {"importlib", "abc machinery metadata resources util"},
    {"pygments",
     "console filter filters formatter formatters lexer lexers modeline plugin regexopt styles token unistring util"},
    {"urllib", "parse"},
    {"xml", "etree"},
    {"xml.etree", "ElementPath ElementTree"},
};

bool lists(const char* submodules, std::string_view name) {
    std::string all = py::cat(" ", submodules, " "), one = py::cat(" ", name, " ");
    return name.find(' ') == std::string_view::npos && all.find(one) != std::string::npos;
}

/// `__getattr__` of a package. Closure: (its name, its submodules).
object import_late(Args a) {
    handle package = PyTuple_GET_ITEM(a.closure().ptr(), 0), submodules = PyTuple_GET_ITEM(a.closure().ptr(), 1);
    std::string dotted = py::cat(package, ".", a[0]);
    if (py::is_str(a[0]) && lists(py::text(submodules).c_str(), py::text(a[0]))) {
        try {
            return py::import_module(py::str(dotted));
        } catch (const nb::python_error& error) {
            if (!error.matches(PyExc_ImportError)) throw;
        }
    }
    py::raise(PyExc_AttributeError, py::cat("module '", package, "' has no attribute '", a[0], "'"));
}

/// Closure: the submodules.
object offer(Args a) {
    object names = py::get(a[0], "__dict__"_n);
    if (!py::dict_get(names, "__getattr__"_n).is_valid())
        py::dict_set(names, "__getattr__"_n,
                     py::make_function("__getattr__", "name", import_late,
                                       py::tuple_of(py::get(a[0], "__name__"_n), a.closure())));
    return py::none();
}

/// pytest's hook derives from two classes of `importlib.abc`.
object register_import_hook(Args a) {
    object hook = py::lookup("_pytest.assertion.rewrite", "AssertionRewritingHook"_n);
    for (const char* base : {"MetaPathFinder", "Loader"})
        py::call_method(py::get(a[0], py::str(base)), "register"_n, hook);
    return py::none();
}

/// Calls the function with the module, now or when it is imported.
void when_imported(const char* name, handle function, handle waiting) {
    if (object module = py::loaded_module(py::str(name)); module.is_valid())
        py::call(function, module);
    else
        py::dict_set(waiting, py::str(name), function);
}

}  // namespace

void offer_late_imports(handle config) {
    object waiting = py::new_dict();
    for (const Package& package : kPackages)
        when_imported(package.name,
                      py::make_function("offer_late_imports", "module", offer, py::str(package.submodules)), waiting);
    when_imported("importlib.abc", py::make_function("register_import_hook", "module", register_import_hook), waiting);
    if (py::truth(waiting)) py::call_method(config, "add_cleanup"_n, py::watch_imports(waiting));
}

}  // namespace fastest::settings
