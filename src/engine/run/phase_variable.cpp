#include "engine/run/phase_variable.h"

#include <algorithm>

#include "os/environment.h"

namespace fastest::run {
namespace {

handle variable() { return "PYTEST_CURRENT_TEST"_n; }

handle variable_bytes() {
    static PyObject* bytes = PyBytes_FromString("PYTEST_CURRENT_TEST");
    return bytes;
}

/// The process's variable, as every session of the process sees it.
fastest::os::EnvironmentVariable& process_variable() {
    static auto* variable = new fastest::os::EnvironmentVariable("PYTEST_CURRENT_TEST");
    return *variable;
}

/// Whether this method of `os.environ` is the standard library's own.
bool is_original(handle environ, handle os, handle method) {
    handle function = _PyType_Lookup(Py_TYPE(environ.ptr()), method.ptr());
    return function.is_valid() && PyFunction_Check(function.ptr()) &&
           PyFunction_GetGlobals(function.ptr()) == PyModule_GetDict(os.ptr());
}

/// Whether a function of `os` is the built-in one, which does nothing that the engine cannot do itself.
bool is_builtin(handle os, handle name, object& function) {
    function = get(os, name);
    return PyCFunction_CheckExact(function.ptr());
}

void put(handle os, handle bytes) {
    object function;
    std::string_view value(PyBytes_AS_STRING(bytes.ptr()), static_cast<std::size_t>(PyBytes_GET_SIZE(bytes.ptr())));
    if (!is_builtin(os, "putenv"_n, function) || !process_variable().set(value)) call(function, variable_bytes(), bytes);
}

void remove(handle os, handle data) {
    object function;
    if (is_builtin(os, "unsetenv"_n, function))
        process_variable().unset();
    else
        call(function, variable_bytes());
    dict_remove(data, variable_bytes());
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

void announce_phase(handle item, std::string_view phase) { announce_phase(text(get(item, "nodeid"_n)), phase); }

void announce_phase(std::string_view nodeid, std::string_view phase) {
    std::string value;
    value.reserve(nodeid.size() + phase.size() + 3);
    value.append(nodeid).append(" (").append(phase).append(")");
    for (std::size_t at; (at = value.find('\0')) != std::string::npos;) value.replace(at, 1, "(null)");
    object os = borrow(module_of<"os">()), environ = get(os, "environ"_n);
    object data = plain_data(os, environ, "__setitem__"_n);
    if (!data.is_valid()) return set_item(environ, variable(), str(value));
    bool ascii = std::all_of(value.begin(), value.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    object bytes = check(ascii ? PyBytes_FromStringAndSize(value.data(), static_cast<Py_ssize_t>(value.size()))
                               : PyUnicode_EncodeFSDefault(str(value).ptr()));
    put(os, bytes);
    dict_set(data, variable_bytes(), bytes);
}

void drop_phase() {
    object os = borrow(module_of<"os">()), environ = get(os, "environ"_n);
    object data = plain_data(os, environ, "__delitem__"_n);
    if (!data.is_valid()) {
        call_method(environ, "pop"_n, variable(), Py_None);
        return;
    }
    if (contains(data, variable_bytes())) remove(os, data);
}

void retract_phase() {
    object os = borrow(module_of<"os">()), environ = get(os, "environ"_n);
    object data = plain_data(os, environ, "__delitem__"_n);
    if (!data.is_valid()) {
        call_method(environ, "pop"_n, variable());
        return;
    }
    if (!contains(data, variable_bytes())) raise_exception(call(handle(PyExc_KeyError), variable()));
    remove(os, data);
}

}  // namespace fastest::run
