// What `capsys`, `capfd` and their relatives give to a test.

#include <optional>

#include "engine/capture/stream_capture.h"

namespace fastest::capture {

namespace {

object own_capture(handle self) { return py::get(self, "_capture"_n); }

void forget(handle self) {
    object empty = py::get(py::get(self, "captureclass"_n), "EMPTY_BUFFER"_n);
    py::set(self, "_captured_out"_n, empty);
    py::set(self, "_captured_err"_n, empty);
}

object initialise(py::Args a) {
    handle self = a[0];
    if (!py::truth(a[4])) py::call(py::facade("_pytest.deprecated", "check_ispytest"_n), a[4]);
    py::set(self, "captureclass"_n, a[1]);
    py::set(self, "request"_n, a[2]);
    py::set(self, "_config"_n, py::truth(a[3]) ? py::borrow(a[3]) : py::new_dict());
    py::set(self, "_capture"_n, Py_None);
    forget(self);
    return py::none();
}

object stream(handle self, int fd) {
    return py::call_ex(py::get(self, "captureclass"_n), py::tuple_of(py::integer(fd)), py::get(self, "_config"_n));
}

object start(py::Args a) {
    handle self = a[0];
    if (!py::is_none(own_capture(self))) return py::none();
    object out = stream(self, 1), err = stream(self, 2);
    object capture = py::call_kw(py::global<"capture_multi", "MultiCapture">(), {},
                                 {{"in_"_n, Py_None}, {"out"_n, out}, {"err"_n, err}});
    py::set(self, "_capture"_n, capture);
    py::call_method(capture, "start_capturing"_n);
    return py::none();
}

/// Adds output to what was captured before and not yet read.
void keep(handle self, handle outerr) {
    int index = 0;
    for (handle name : {"_captured_out"_n, "_captured_err"_n}) {
        object more = py::item(outerr, py::integer(index++));
        py::set(self, name, py::check(PyNumber_Add(py::get(self, name).ptr(), more.ptr())));
    }
}

object close(py::Args a) {
    handle self = a[0];
    object capture = own_capture(self);
    if (py::is_none(capture)) return py::none();
    object tee = py::call_method(py::get(self, "_config"_n), "get"_n, "tee"_n);
    keep(self, py::call_method(capture, py::truth(tee) ? "readouterr"_n : "pop_outerr_to_orig"_n));
    py::call_method(capture, "stop_capturing"_n);
    py::set(self, "_capture"_n, Py_None);
    return py::none();
}

object readouterr(py::Args a) {
    handle self = a[0];
    object capture = own_capture(self);
    if (!py::is_none(capture)) keep(self, py::call_method(capture, "readouterr"_n));
    object out = py::get(self, "_captured_out"_n), err = py::get(self, "_captured_err"_n);
    forget(self);
    return py::call(py::global<"capture_multi", "CaptureResult">(), out, err);
}

template <py::FixedString Method>
object on_capture(py::Args a) {
    object capture = own_capture(a[0]);
    if (!py::is_none(capture)) py::call_method(capture, py::operator""_n<Method>());
    return py::none();
}

object is_started(py::Args a) {
    object capture = own_capture(a[0]);
    return py::is_none(capture) ? py::boolean(false) : py::call_method(capture, "is_started"_n);
}

object capture_manager(handle request) {
    object plugins = py::get(py::get(request, "config"_n), "pluginmanager"_n);
    return py::call_method(plugins, "getplugin"_n, "capturemanager"_n);
}

object disabled(py::Args a) {
    return py::call_method(capture_manager(py::get(a[0], "request"_n)), "global_and_fixture_disabled"_n);
}

/// The body of the fixtures: request, capture class, and the class's keyword arguments or None.
py::Generator capture_fixture(py::OwnedArgs a) {
    object manager = capture_manager(a[0]);
    object fixture = py::call_kw(py::global<"capture_fixture", "CaptureFixture">(), {a[1], a[0]},
                                 {{"config"_n, a[2]}, {"_ispytest"_n, Py_True}});
    py::call_method(manager, "set_fixture"_n, fixture);
    py::call_method(fixture, "_start"_n);
    co_yield object(fixture);
    py::call_method(fixture, "close"_n);
    py::call_method(manager, "unset_fixture"_n);
    co_return py::none();
}

}  // namespace

FASTEST_MODULE(capture_fixture, "_pytest.capture") {
    m.cls("CaptureFixture")
        .def("__init__", "self, captureclass, request, *, config=None, _ispytest=False", &initialise)
        .def("_start", "self", &start)
        .def("close", "self", &close)
        .def("readouterr", "self", &readouterr,
             "Read what was captured since the last call and forget it.\n\n"
             ":returns: a tuple of `out` and `err`, text or bytes.")
        .def("_suspend", "self", &on_capture<"suspend_capturing">)
        .def("_resume", "self", &on_capture<"resume_capturing">)
        .def("_is_started", "self", &is_started)
        .def("disabled", "self", &disabled, "A context manager in which nothing is captured.")
        .generic()
        .doc("The object that the capture fixtures give.")
        .make();
    m.generator("fixture_body", "request, captureclass, config", &capture_fixture);
}

}  // namespace fastest::capture
