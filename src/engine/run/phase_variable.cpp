#include "engine/run/phase_variable.h"

namespace fastest::run {
namespace {

handle variable() { return "PYTEST_CURRENT_TEST"_n; }

handle variable_bytes() {
    static PyObject* bytes = PyBytes_FromString("PYTEST_CURRENT_TEST");
    return bytes;
}

/// Whether this method of `os.environ` is the standard library's own.
bool is_original(handle environ, handle os, handle method) {
    object function = try_get(class_of(environ), method);
    return function.is_valid() && PyFunction_Check(function.ptr()) &&
           PyFunction_GetGlobals(function.ptr()) == PyModule_GetDict(os.ptr());
}

/// The dict behind an unpatched `os.environ` on POSIX; null for anything else.
object plain_data(handle os, handle environ, handle method) {
#ifdef _WIN32
    return {};
#else
    if (!is_original(environ, os, method)) return {};
    object data = try_get(environ, "_data"_n);
    return data.is_valid() && PyDict_CheckExact(data.ptr()) ? data : object();
#endif
}

}  // namespace

void announce_phase(handle item, std::string_view phase) {
    object value = strcat(get(item, "nodeid"_n), " (", phase, ")");
    if (PyUnicode_FindChar(value.ptr(), 0, 0, PyUnicode_GET_LENGTH(value.ptr()), 1) >= 0)
        value = call_method(value, "replace"_n, check(PyUnicode_FromOrdinal(0)), str("(null)"));
    object os = borrow(module_of<"os">()), environ = get(os, "environ"_n);
    object data = plain_data(os, environ, "__setitem__"_n);
    if (!data.is_valid()) return set_item(environ, variable(), value);
    object bytes = check(PyUnicode_EncodeFSDefault(value.ptr()));
    call(get(os, "putenv"_n), variable_bytes(), bytes);
    dict_set(data, variable_bytes(), bytes);
}

void retract_phase() {
    object os = borrow(module_of<"os">()), environ = get(os, "environ"_n);
    object data = plain_data(os, environ, "__delitem__"_n);
    if (!data.is_valid()) {
        call_method(environ, "pop"_n, variable());
        return;
    }
    if (!contains(data, variable_bytes())) raise_exception(call(handle(PyExc_KeyError), variable()));
    call(get(os, "unsetenv"_n), variable_bytes());
    dict_remove(data, variable_bytes());
}

}  // namespace fastest::run
