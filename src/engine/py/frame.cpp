#include "engine/py/frame.h"

#include <frameobject.h>

#include <cstring>

#include "engine/py/module.h"
#include "engine/py/version.h"

namespace fastest::py {
namespace {

/// An empty code object of a function with this qualified name.
object code_of(const char* file, const char* qualified_name) {
    const char* dot = std::strrchr(qualified_name, '.');
    auto* code = PyCode_NewEmpty(file, dot ? dot + 1 : qualified_name, 1);
    object owner = check(reinterpret_cast<PyObject*>(code));
    if (dot) version::set_qualified_name(code, check(PyUnicode_FromString(qualified_name)));
    return owner;
}

/// What raising the exception in a frame of the module would leave behind.
object traceback_in(handle module, const char* function, handle variables, handle inner) {
    std::string file = text_of(get_or(module, "__file__"_n, "<engine>"_n));
    object code = code_of(file.c_str(), function);
    object globals = get(module, "__dict__"_n);
    object frame = check(reinterpret_cast<PyObject*>(
        PyFrame_New(PyThreadState_Get(), reinterpret_cast<PyCodeObject*>(code.ptr()), globals.ptr(), variables.ptr())));
    return call(lookup("types", "TracebackType"_n), inner, frame, integer(0), integer(1));
}

void add(handle exception, const char* module, const char* function, handle variables) {
    object inner = steal(PyException_GetTraceback(exception.ptr()));
    object traceback = traceback_in(import_module(module), function, variables, inner.is_valid() ? inner : none());
    check(PyException_SetTraceback(exception.ptr(), traceback.ptr()));
}

/// A Python function of the module that calls the one that it is given.
object caller_in(const char* module) {
    object any = call(lookup("builtins", "eval"_n), str("lambda function, *rest: function(*rest)"), new_dict());
    return check(PyFunction_New(PyFunction_GetCode(any.ptr()), PyModule_GetDict(import_module(module).ptr())));
}

/// Whether there is an entry that is not one of the module's folder: none, or only one that was added there.
bool tells_a_place(handle traceback, const char* module) {
    if (!traceback.is_valid() || is_none(traceback)) return false;  // `with_traceback(None)` leaves a None
    const auto* entry = reinterpret_cast<PyTracebackObject*>(traceback.ptr());
    if (entry->tb_next) return true;
    object code = steal(reinterpret_cast<PyObject*>(PyFrame_GetCode(entry->tb_frame)));
    std::string file = text_of(get_or(import_module(module), "__file__"_n, str("")));
    return !text_of(get(code, "co_filename"_n)).starts_with(file.substr(0, file.rfind('/') + 1));
}

}  // namespace

void ensure_traceback(handle exception, const char* module, const char* function) {
    object known = steal(PyException_GetTraceback(exception.ptr()));
    if (!tells_a_place(known, module)) add_traceback(exception, module, function);
}

void add_traceback(handle exception, const char* module, const char* function) { add(exception, module, function, {}); }

void add_hidden_traceback(handle exception, const char* module, const char* function, handle variables) {
    dict_set(variables, "__tracebackhide__"_n, Py_True);
    add(exception, module, function, variables);
}

void raise_hidden(const char* module, const char* function, std::initializer_list<std::pair<handle, handle>> variables,
                  handle exception) {
    object known = new_dict();
    for (const auto& [name, value] : variables) dict_set(known, name, value);
    add_hidden_traceback(exception, module, function, known);
    raise_exception(exception);
}

object call_timing(const char* module, handle function) {
    if (PyCFunction_CheckExact(function.ptr())) return call(function);
    handle timing = PyModule_GetDict(module_of<"_pytest.timing">().ptr());
    auto is_replaced = [&](handle name) {
        object clock = dict_get(timing, name);
        return clock.is_valid() && !PyCFunction_CheckExact(clock.ptr());
    };
    if (!is_replaced("time"_n) && !is_replaced("perf_counter"_n)) return call(function);
    return call(caller_in(module), caller_in("_pytest.timing"), function);
}

bool is_entry_code(handle code) {
    if (length(get(code, "co_consts"_n)) || length(get(code, "co_names"_n))) return false;
    object facade = imported("_pytest");
    if (!facade.is_valid()) return false;
    std::string package = text_of(get_or(facade, "__file__"_n, str(""))), file = text_of(get(code, "co_filename"_n));
    std::string_view folder = package;
    for (int up = 0; up < 2; ++up) folder = folder.substr(0, folder.find_last_of('/'));
    return !folder.empty() && file.starts_with(std::string(folder) + "/");
}

}  // namespace fastest::py
