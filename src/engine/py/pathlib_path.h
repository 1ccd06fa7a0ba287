#pragma once
// The one class of all paths that the engine makes and accepts.

#include <optional>

#include "engine/py/object.h"

namespace fastest::py {

/// `pathlib.Path` as it was at first use: paths stay paths when a test takes pathlib out of `sys.modules` or replaces
/// the name `Path` there. Methods that users patch on the class are seen.
inline handle pathlib_path() {
    static PyObject* const value = lookup("pathlib", operator""_n<"Path">()).release().ptr();
    return value;
}

/// `str(path)` of a path of exactly the system's class whose text has been made and is, as UTF-8, the file's name to
/// the system; nothing for all others.
std::optional<std::string> plain_path_text(handle path);

/// `str(path)` and `os.fspath(path)`: without a Python call for paths of exactly the system's class whose text has been
/// made. Methods that users patch on the class are called.
object path_str(handle path);
object path_fspath(handle path);

/// `path == other`; without a Python call for absolute ones of the system's class whose texts have been made, on
/// systems that tell letters' cases apart.
bool equal_paths(handle path, handle other);

/// A str or a path object as the bytes that the file system knows, and back.
std::string fs_text(handle path);
object fs_str(std::string_view text);

/// `folder / relative` for a Path and the str of a relative path; without a Python call where pathlib keeps its parts
/// or its text in a known way.
object path_below(handle folder, handle relative);

}  // namespace fastest::py
