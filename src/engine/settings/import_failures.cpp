// Errors in conftests and plugins, and how they and usage errors are shown.

#include "engine/settings/config.h"

namespace fastest::settings {
namespace {

using namespace py::literals;
using py::Args;
using py::handle;
using py::object;

object init_conftest_failure(Args a) {
    py::set(a[0], "path"_n, a[1]);
    py::set(a[0], "cause"_n, a[2]);
    return py::none();
}

object show_conftest_failure(Args a) {
    object cause = py::get(a[0], "cause"_n);
    object type = py::get(py::type_of(cause), "__name__"_n);
    return py::strcat(type, ": ", cause, " (from ", py::get(a[0], "path"_n), ")");
}

/// Neither pytest's own frames nor those of importlib.
object is_shown(Args a) {
    object own = py::call(py::lookup("_pytest._code", "filter_traceback"_n), a[0]);
    if (!py::truth(own)) return own;
    object parts = py::call_method(py::to_str(py::get(a[0], "path"_n)), "split"_n, py::lookup("os", "sep"_n));
    return py::boolean(!py::contains(parts, py::str("importlib")));
}

object terminal_writer(handle file) { return py::call(py::lookup("_pytest._io", "TerminalWriter"_n), file); }

void red_line(handle writer, handle text) { py::call_method_kw(writer, "line"_n, {text}, {{"red"_n, Py_True}}); }

/// The error with the frames that matter; without frames when it was raised by native code.
object short_report(handle cause) {
    if (py::is_none(py::get(cause, "__traceback__"_n))) {
        object lines = py::call(py::lookup("traceback", "format_exception_only"_n), py::type_of(cause), cause);
        return py::call_method(py::str(""), "join"_n, lines);
    }
    object info = py::call_method(py::lookup("_pytest._code", "ExceptionInfo"_n), "from_exception"_n, cause);
    object filter = py::facade("_pytest.config", "filter_traceback_for_import_failure"_n);
    object traceback = py::call_method(py::get(info, "traceback"_n), "filter"_n, filter);
    py::set(info, "traceback"_n, traceback);
    if (!py::truth(traceback)) return py::call_method(info, "exconly"_n);
    return py::to_str(py::call_method_kw(info, "getrepr"_n, {}, {{"style"_n, py::str("short")}, {"chain"_n, Py_False}}));
}

void print_import_error(handle header, handle cause, handle file) {
    object writer = terminal_writer(file);
    red_line(writer, header);
    for (object line : py::each(py::call_method(short_report(cause), "splitlines"_n)))
        red_line(writer, py::call_method(line, "rstrip"_n));
}

object print_conftest_import_error(Args a) {
    print_import_error(py::strcat("ImportError while loading conftest '", py::get(a[0], "path"_n), "'."),
                       py::get(a[0], "cause"_n), a[1]);
    return py::none();
}

object print_plugin_import_error(Args a) {
    object cause = py::get(a[0], "__cause__"_n);
    if (py::is_none(cause))
        py::raise(PyExc_AssertionError, py::cat(py::repr_of(a[0]), " must be raised `from` the original error"));
    print_import_error(py::strcat("Error while loading plugin \"", a[0], "\"."), cause, a[1]);
    return py::none();
}

object print_usage_error(Args a) {
    object writer = terminal_writer(a[1]);
    for (object message : py::each(py::get(a[0], "args"_n))) red_line(writer, py::strcat("ERROR: ", message, "\n"));
    return py::none();
}

}  // namespace

void define_import_failures(py::Module& m) {
    m.cls("ConftestImportFailure", {PyExc_Exception})
        .def("__init__", "self, path, *, cause", init_conftest_failure)
        .def("__str__", "self", show_conftest_failure)
        .doc("A conftest.py raised while it was imported.")
        .make();
    m.cls("PluginImportFailure", {PyExc_Exception})
        .doc("A plugin was found but raised while it was imported. (One that is not found is a UsageError.)")
        .make();
    m.def("filter_traceback_for_import_failure", "entry", is_shown);
    m.def("_print_import_error", "header, cause, file", [](Args a) {
        print_import_error(a[0], a[1], a[2]);
        return py::none();
    });
    m.def("print_conftest_import_error", "e, file", print_conftest_import_error);
    m.def("print_plugin_import_error", "e, file", print_plugin_import_error);
    m.def("print_usage_error", "e, file", print_usage_error);
}

}  // namespace fastest::settings
