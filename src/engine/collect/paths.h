#pragma once
// Paths as the collection sees them: `_pytest.pathlib`'s answers, for C++ callers. All give and take Python objects.

#include "engine/py/module.h"

namespace fastest::collect {

using py::handle;
using py::object;
using namespace py::literals;

object path_class();
/// `Path(value)`, or the value itself when it is a Path.
object as_path(handle value);
/// A path as the system's bytes.
std::string system_text(handle path);
/// `path / name`.
object join_path(handle path, handle name);
/// `Path(os.path.abspath(path))`.
object absolute_path(handle path);
bool is_file(handle path);
bool is_directory(handle path);
/// pytest's `fnmatch_ex`: a pattern without a separator matches the last part, one with a separator the whole path.
bool matches_glob(handle pattern, handle path);
/// The text that leads from `directory` to `dest`.
object best_relative_path(handle directory, handle dest);
/// The entries of a directory, sorted by name (`__init__.py` first if asked); entries that can't be looked at are left
/// out.
object scan_directory(handle path, handle sort_key);
/// `fnmatch.fnmatch(name, pattern)`.
bool fnmatch(handle name, handle pattern);

void define_paths(py::Module& m);
void define_scanning(py::Module& m);
void define_imports(py::Module& m);
void define_module_names(py::Module& m);
void define_removal(py::Module& m);
void define_numbered_directories(py::Module& m);

}  // namespace fastest::collect
