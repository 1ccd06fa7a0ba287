#include "engine/py/library_files.h"

#include <algorithm>

namespace fastest::py {

bool has_library_methods(handle path, std::initializer_list<handle> names) {
    return std::ranges::all_of(names, [&](handle name) {
        handle method = _PyType_Lookup(Py_TYPE(path.ptr()), name.ptr());
        return method.is_valid() && PyFunction_Check(method.ptr()) &&
               text_of(get(method, "__module__"_n)).starts_with("pathlib");
    });
}

bool has_builtin_functions(std::initializer_list<handle> names) {
    return std::ranges::all_of(names, [](handle name) { return PyCFunction_CheckExact(lookup("os", name).ptr()); });
}

}  // namespace fastest::py
