#include "engine/py/pathlib_path.h"

namespace fastest::py {

object child_path(handle folder, handle name) {
    static PyObject* const made_class = reinterpret_cast<PyObject*>(Py_TYPE(call(pathlib_path()).ptr()));
    handle type = reinterpret_cast<PyObject*>(Py_TYPE(folder.ptr()));
    bool plain = type.is(made_class) && _PyType_Lookup(Py_TYPE(folder.ptr()), "_make_child_relpath"_n.ptr()) &&
                 _PyType_Lookup(Py_TYPE(folder.ptr()), "_parts"_n.ptr());  // how 3.10 and 3.11 keep paths
    if (!plain) return check(PyNumber_TrueDivide(folder.ptr(), name.ptr()));
    object path = call_method(folder, "_make_child_relpath"_n, name);
    std::string start = text_of(folder);
    if (start != ".") set(path, "_str"_n, str(start.ends_with('/') ? start + text(name) : start + "/" + text(name)));
    return path;
}

}  // namespace fastest::py
