// Handlers of log records: for captured logs, the log file, and live logs. This namespace imports `logging`.

#include "engine/builtin/log_text.h"

namespace fastest::builtin {

namespace {

object logging(handle name) { return py::lookup("logging", name); }
object string_io() { return py::call(py::lookup("io", "StringIO"_n)); }
object nothing(py::Args) { return py::none(); }

void stream_init(handle self, handle stream) {
    py::call(py::get(logging("StreamHandler"_n), "__init__"_n), self, stream);
}
void stream_emit(handle self, handle record) {
    py::call(py::get(logging("StreamHandler"_n), "emit"_n), self, record);
}

object initialise_capture(py::Args a) {
    stream_init(a[0], string_io());
    py::set(a[0], "records"_n, py::new_list());
    return py::none();
}

object emit_capture(py::Args a) {
    py::call_method(py::get(a[0], "records"_n), "append"_n, a[1]);
    stream_emit(a[0], a[1]);
    return py::none();
}

object reset_capture(py::Args a) {
    py::set(a[0], "records"_n, py::new_list());
    py::set(a[0], "stream"_n, string_io());
    return py::none();
}

object clear_capture(py::Args a) {
    py::call_method(py::get(a[0], "records"_n), "clear"_n);
    py::set(a[0], "stream"_n, string_io());
    return py::none();
}

/// A log message that cannot be formatted fails the test, unless the user has told logging to be quiet about such.
object raise_again(py::Args) {
    if (!py::truth(logging("raiseExceptions"_n))) return py::none();
    object error = py::version::handled_exception();
    if (!error.is_valid() || py::is_none(error)) py::raise(PyExc_RuntimeError, "No active exception to reraise");
    py::raise_exception(error);
}

object initialise_live(py::Args a) {
    stream_init(a[0], a[1]);
    py::set(a[0], "capture_manager"_n, a[2]);
    py::call_method(a[0], "reset"_n);
    py::call_method(a[0], "set_when"_n, handle(Py_None));
    py::set(a[0], "_test_outcome_written"_n, Py_False);
    return py::none();
}

object reset_live(py::Args a) {
    py::set(a[0], "_first_record_emitted"_n, Py_False);
    return py::none();
}

object set_when(py::Args a) {
    py::set(a[0], "_when"_n, a[1]);
    py::set(a[0], "_section_name_shown"_n, Py_False);
    if (py::equal(a[1], "start"_n)) py::set(a[0], "_test_outcome_written"_n, Py_False);
    return py::none();
}

bool flag(handle self, handle name) { return py::truth(py::get(self, name)); }

void write_live(handle self, handle record) {
    object stream = py::get(self, "stream"_n), when = py::get(self, "_when"_n);
    if (!flag(self, "_first_record_emitted"_n)) {
        py::call_method(stream, "write"_n, "\n"_n);
        py::set(self, "_first_record_emitted"_n, Py_True);
    } else if ((py::equal(when, "teardown"_n) || py::equal(when, "finish"_n)) && !flag(self, "_test_outcome_written"_n)) {
        py::set(self, "_test_outcome_written"_n, Py_True);
        py::call_method(stream, "write"_n, "\n"_n);
    }
    if (!flag(self, "_section_name_shown"_n) && py::truth(when)) {
        py::call_method_kw(stream, "section"_n, {py::strcat("live log ", when)}, {{"sep"_n, "-"_n}, {"bold"_n, Py_True}});
        py::set(self, "_section_name_shown"_n, Py_True);
    }
    stream_emit(self, record);
}

object emit_live(py::Args a) {
    object manager = py::get(a[0], "capture_manager"_n);
    if (!py::truth(manager)) {
        write_live(a[0], a[1]);
        return py::none();
    }
    object disabled = py::call_method(manager, "global_and_fixture_disabled"_n);
    py::call_method(disabled, "__enter__"_n);
    try {
        write_live(a[0], a[1]);
    } catch (const nb::python_error& error) {
        py::Handling handling(error);
        if (py::truth(py::call_method(disabled, "__exit__"_n, error.type(), error.value(), error.traceback())))
            return py::none();
        throw;
    }
    py::call_method(disabled, "__exit__"_n, handle(Py_None), handle(Py_None), handle(Py_None));
    return py::none();
}

}  // namespace

FASTEST_MODULE(logging_handlers, "_pytest.logging") {
    m.cls("LogCaptureHandler", {logging("StreamHandler"_n)})
        .def("__init__", "self", &initialise_capture)
        .def("emit", "self, record", &emit_capture)
        .def("reset", "self", &reset_capture)
        .def("clear", "self", &clear_capture)
        .def("handleError", "self, record", &raise_again)
        .doc("Keeps log records and their text.")
        .make();
    m.cls("_FileHandler", {logging("FileHandler"_n)})
        .def("handleError", "self, record", &nothing)
        .doc("Writes the log file. Errors are left to the capture handler.")
        .make();
    m.cls("_LiveLoggingStreamHandler", {logging("StreamHandler"_n)})
        .attr("stream", Py_None)
        .def("__init__", "self, terminal_reporter, capture_manager", &initialise_live)
        .def("reset", "self", &reset_live, "A test starts.")
        .def("set_when", "self, when", &set_when, "A phase of the test starts.")
        .def("emit", "self, record", &emit_live)
        .def("handleError", "self, record", &nothing)
        .doc("Shows log records on the terminal as they come, with a heading for each phase.")
        .make();
    m.cls("_LiveLoggingNullHandler", {logging("NullHandler"_n)})
        .def("reset", "self", &nothing)
        .def("set_when", "self, when", &nothing)
        .def("handleError", "self, record", &nothing)
        .doc("Stands in when live logs are off.")
        .make();
}

}  // namespace fastest::builtin
