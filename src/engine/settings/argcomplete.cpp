// Completion of arguments in the shell by the `argcomplete` library, when it asks for it (`_ARGCOMPLETE` in the environment).

#include "engine/py/module.h"

namespace fastest::settings {
namespace {

using namespace py::literals;
using py::Args;
using py::object;

object complete_files(Args a) {
    object prefix = py::borrow(a[1]), glob = py::lookup("glob", "glob"_n), os_path = py::import_module("os.path");
    std::string text = py::text(prefix);
    long long cut = 0;
    if (text.find('/', 1) != std::string::npos)
        cut = py::length(py::call_method(os_path, "dirname"_n, prefix)) + 1;
    object found = py::new_list();
    if (text.find_first_of("*?") == std::string::npos) {
        if (text.empty() || text.back() == '/')
            found = py::check(PySequence_Concat(found.ptr(), py::call(glob, py::str(text + ".*")).ptr()));
        text += "*";
    }
    found = py::check(PySequence_Concat(found.ptr(), py::call(glob, py::str(text)).ptr()));
    py::check(PyList_Sort(found.ptr()));
    object names = py::new_list();
    for (object path : py::each(found)) {
        if (py::truth(py::call_method(os_path, "isdir"_n, path))) path = py::strcat(path, "/");
        py::append(names, py::check(PySequence_GetSlice(path.ptr(), cut, PY_SSIZE_T_MAX)));
    }
    return names;
}

FASTEST_MODULE(argcomplete, "_pytest._argcomplete") {
    m.cls("FastFilesCompleter")
        .def("__init__", "self, directories=True",
             [](Args a) {
                 py::set(a[0], "directories"_n, a[1]);
                 return py::none();
             })
        .def("__call__", "self, prefix, **kwargs", complete_files)
        .doc("Completes names of files and folders as bash does.")
        .make();
}

}  // namespace
}  // namespace fastest::settings
