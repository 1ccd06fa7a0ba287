#include "engine/py/pathlib_path.h"

namespace fastest::py {
namespace {

/// Whether it is of the class that `Path(...)` makes on this system.
bool is_plain(handle path) {
    static PyTypeObject* const made_class = Py_TYPE(call(pathlib_path()).ptr());
    return Py_TYPE(path.ptr()) == made_class;
}

}  // namespace

std::optional<std::string> plain_path_text(handle path) {
    object known = is_plain(path) ? try_get(path, "_str"_n) : object();
    if (!known.is_valid() || !PyUnicode_CheckExact(known.ptr())) return std::nullopt;
    return text(known);
}

object child_path(handle folder, handle name) {
    bool plain = is_plain(folder) && _PyType_Lookup(Py_TYPE(folder.ptr()), "_make_child_relpath"_n.ptr()) &&
                 _PyType_Lookup(Py_TYPE(folder.ptr()), "_parts"_n.ptr());  // how 3.10 and 3.11 keep paths
    if (!plain) return check(PyNumber_TrueDivide(folder.ptr(), name.ptr()));
    object path = call_method(folder, "_make_child_relpath"_n, name);
    std::string start = text_of(folder);
    if (start != ".") set(path, "_str"_n, str(start.ends_with('/') ? start + text(name) : start + "/" + text(name)));
    return path;
}

}  // namespace fastest::py
