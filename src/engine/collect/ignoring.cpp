// What is not collected: `pytest_ignore_collect`; and `--deselect`.

#include "engine/collect/session.h"
#include "os/files.h"

namespace fastest::collect {
namespace {

using py::Args;

object in_venv(Args a) {
    std::string folder = system_text(a[0]);
    return py::boolean(os::is_file(folder + "/pyvenv.cfg") || os::is_file(folder + "/conda-meta/history"));
}

/// The paths of the list of a folder's conftests and of an option, absolute.
object listed_paths(handle config, handle conftest_name, handle option, handle folder) {
    object paths = py::call_kw(py::get(config, "_getconftest_pathlist"_n), {conftest_name}, {{"path"_n, folder}});
    object all = py::truth(paths) ? py::to_list(paths) : py::new_list();
    object given = py::call_method(config, "getoption"_n, option);
    if (py::truth(given))
        for (object one : py::each(given)) py::append(all, absolute_path(one));
    return all;
}

bool matches_ignore_glob(handle config, handle path) {
    object text = py::to_str(path);
    for (object glob :
         py::each(listed_paths(config, "collect_ignore_glob"_n, "ignore_glob"_n, py::get(path, "parent"_n))))
        if (fnmatch(text, py::to_str(glob))) return true;
    return false;
}

bool is_norecurse_directory(handle config, handle path) {
    if (!os::is_folder(system_text(path))) return false;
    for (object pattern : py::each(py::call_method(config, "getini"_n, "norecursedirs"_n)))
        if (matches_glob(pattern, path)) return true;
    return false;
}

object ignore_collect(Args a) {
    handle path = a[0], config = a[1];
    if (py::equal(py::get(path, "name"_n), "__pycache__"_n)) return py::boolean(true);
    if (py::contains(listed_paths(config, "collect_ignore"_n, "ignore"_n, py::get(path, "parent"_n)), path))
        return py::boolean(true);
    if (matches_ignore_glob(config, path)) return py::boolean(true);
    if (!py::truth(py::call_method(config, "getoption"_n, "collect_in_virtualenv"_n)) &&
        py::truth(py::call(py::lookup("_pytest.main", "_in_venv"_n), path)))
        return py::boolean(true);
    if (is_norecurse_directory(config, path)) return py::boolean(true);
    return py::none();
}

object deselect(Args a) {
    handle items = a[0], config = a[1];
    object given = py::call_method(config, "getoption"_n, "deselect"_n);
    if (!py::truth(given)) return py::none();
    object prefixes = py::to_tuple(given);
    object remaining = py::new_list(), deselected = py::new_list();
    for (object item : py::each(items)) {
        bool out = py::truth(py::call_method(nodes::nodeid_of(item), "startswith"_n, prefixes));
        py::append(out ? deselected : remaining, item);
    }
    if (!py::truth(deselected)) return py::none();
    py::call_named<"items">(py::get(py::get(config, "hook"_n), "pytest_deselected"_n), deselected);
    py::set_item(items, py::check(PySlice_New(nullptr, nullptr, nullptr)), remaining);
    return py::none();
}

}  // namespace

bool ignores_no_files_of(handle config, handle folder) {
    object list_of = py::get(py::type_of(config), "_getconftest_pathlist"_n);
    return py::is_native_function(list_of) &&
           py::lookup("_pytest.main", "_in_venv"_n).is(py::global<"main", "_in_venv">()) &&
           !py::truth(listed_paths(config, "collect_ignore"_n, "ignore"_n, folder)) &&
           !py::truth(listed_paths(config, "collect_ignore_glob"_n, "ignore_glob"_n, folder));
}

void define_ignoring(py::Module& m) {
    m.def("_in_venv", "path", in_venv, "Whether a directory is the root of a virtual or conda environment.");
    m.def("pytest_ignore_collect", "collection_path, config", ignore_collect);
    m.def("pytest_collection_modifyitems", "items, config", deselect);
}

}  // namespace fastest::collect
