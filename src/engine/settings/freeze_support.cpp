// The names of all modules of pytest, for tools that freeze programs.

#include "engine/py/module.h"

namespace fastest::settings {
namespace {

using namespace py::literals;
using py::Args;
using py::handle;
using py::object;

void add_modules(handle folder, const std::string& prefix, handle names) {
    for (object found : py::each(py::call(py::lookup("pkgutil", "iter_modules"_n), py::list_of(folder)))) {
        std::string name = py::text(py::get(found, "name"_n));
        if (!py::truth(py::get(found, "ispkg"_n))) {
            py::append(names, py::str(prefix + name));
            continue;
        }
        object below = py::call(py::lookup("os.path", "join"_n), folder, py::str(name));
        add_modules(below, prefix + name + ".", names);
    }
}

object modules_of(handle package, const std::string& prefix) {
    object names = py::new_list();
    if (py::is_str(package)) {
        add_modules(package, prefix, names);
    } else {
        object folder = py::item(py::get(package, "__path__"_n), py::integer(0));
        add_modules(folder, py::text(py::get(package, "__name__"_n)) + ".", names);
    }
    return names;
}

FASTEST_MODULE(freeze_support, "_pytest.freeze_support") {
    m.def("freeze_includes", "", [](Args) { return modules_of(py::import_module("_pytest"), ""); },
          "The names of the modules that a frozen program must include.");
    m.def("_iter_all_modules", "package, prefix=''",
          [](Args a) { return py::check(PyObject_GetIter(modules_of(a[0], py::text(a[1])).ptr())); });
}

}  // namespace
}  // namespace fastest::settings
