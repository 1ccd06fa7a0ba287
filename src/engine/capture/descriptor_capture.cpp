// Captures of one stream at the level of file descriptors.
//
// `dup2` puts an unnamed file in the place of the descriptor, so that child processes and C code are captured too. A
// descriptor that is closed at the start is made to be /dev/null, for the time being.

#include <cerrno>

#include "engine/capture/stream_capture.h"
#include "os/descriptor.h"

namespace fastest::capture {

namespace {

int checked(int result) {
    if (result >= 0) return result;
    errno = -result;
    PyErr_SetFromErrno(PyExc_OSError);
    throw nb::python_error();
}

int fd_of(handle self, handle attribute) { return static_cast<int>(py::to_int(py::get(self, attribute))); }

int file_fd(handle file) {
    int fd = PyObject_AsFileDescriptor(file.ptr());
    if (fd < 0) throw nb::python_error();
    return fd;
}

object open_capture_file() {
    object file_io = py::lookup("io", "FileIO"_n);
    object raw = py::call(file_io, py::integer(checked(os::unnamed_file())), py::str("rb+"));
    return py::call_kw(py::global<"capture_stand_ins", "EncodedFile">(), {raw},
                       {{"encoding"_n, py::str("utf-8")},
                        {"errors"_n, "replace"_n},
                        {"newline"_n, ""_n},
                        {"write_through"_n, Py_True}});
}

object initialise(py::Args a) {
    handle self = a[0];
    int target = static_cast<int>(py::to_int(a[1]));
    py::set(self, "targetfd"_n, a[1]);
    object invalid = py::none();
    if (!os::is_open(target)) {
        int null = checked(os::open_null());
        invalid = py::integer(null);
        checked(os::duplicate_to(null, target));
    }
    py::set(self, "targetfd_invalid"_n, invalid);
    py::set(self, "targetfd_save"_n, py::integer(checked(os::duplicate(target))));
    object sys_capture = py::borrow(py::global<"capture_streams", "SysCapture">());
    if (target == 0) {
        py::set(self, "tmpfile"_n,
                py::call_kw(py::lookup("io", "open"_n), {py::lookup("os", "devnull"_n)}, {{"encoding"_n, py::str("utf-8")}}));
        py::set(self, "syscapture"_n, py::call(sys_capture, a[1]));
    } else {
        object file = open_capture_file();
        py::set(self, "tmpfile"_n, file);
        py::set(self, "syscapture"_n, stream_name(target).ptr()
                                          ? py::call(sys_capture, a[1], file)
                                          : py::call(py::global<"capture_streams", "NoCapture">(), a[1]));
    }
    enter_state(self, state_initialized());
    return py::none();
}

object show(py::Args a) {
    object type_name = py::get(py::type_of(a[0]), "__name__"_n);
    return py::strcat("<", type_name, " ", py::get(a[0], "targetfd"_n), " oldfd=", py::get(a[0], "targetfd_save"_n),
                      " _state=", py::repr_of(py::get(a[0], "_state"_n)), " tmpfile=",
                      py::repr_of(py::get(a[0], "tmpfile"_n)), ">");
}

void redirect(handle self) {
    checked(os::duplicate_to(file_fd(py::get(self, "tmpfile"_n)), fd_of(self, "targetfd"_n)));
}

void put_back(handle self) { checked(os::duplicate_to(fd_of(self, "targetfd_save"_n), fd_of(self, "targetfd"_n))); }

object start(py::Args a) {
    assert_state(a[0], "start", {state_initialized()});
    redirect(a[0]);
    py::call_method(py::get(a[0], "syscapture"_n), "start"_n);
    enter_state(a[0], state_started());
    return py::none();
}

object done(py::Args a) {
    handle self = a[0];
    assert_not_unknown(self, "done");
    if (in_state(self, state_done())) return py::none();
    put_back(self);
    checked(os::close(fd_of(self, "targetfd_save"_n)));
    object invalid = py::get(self, "targetfd_invalid"_n);
    if (!py::is_none(invalid)) {
        int null = static_cast<int>(py::to_int(invalid)), target = fd_of(self, "targetfd"_n);
        if (null != target) checked(os::close(target));
        checked(os::close(null));
    }
    py::call_method(py::get(self, "syscapture"_n), "done"_n);
    py::call_method(py::get(self, "tmpfile"_n), "close"_n);
    enter_state(self, state_done());
    return py::none();
}

object suspend(py::Args a) {
    assert_running(a[0], "suspend");
    if (in_state(a[0], state_suspended())) return py::none();
    py::call_method(py::get(a[0], "syscapture"_n), "suspend"_n);
    put_back(a[0]);
    enter_state(a[0], state_suspended());
    return py::none();
}

object resume(py::Args a) {
    assert_running(a[0], "resume");
    if (in_state(a[0], state_started())) return py::none();
    py::call_method(py::get(a[0], "syscapture"_n), "resume"_n);
    redirect(a[0]);
    enter_state(a[0], state_started());
    return py::none();
}

std::string take(handle self) {
    assert_running(self, "snap");
    std::string bytes;
    checked(os::take_all(file_fd(py::get(self, "tmpfile"_n)), bytes));
    return bytes;
}

object snap_bytes(py::Args a) {
    std::string bytes = take(a[0]);
    return py::check(PyBytes_FromStringAndSize(bytes.data(), static_cast<Py_ssize_t>(bytes.size())));
}

object snap_text(py::Args a) {
    std::string bytes = take(a[0]);
    return py::check(PyUnicode_DecodeUTF8(bytes.data(), static_cast<Py_ssize_t>(bytes.size()), "replace"));
}

void write_original(handle self, handle bytes) {
    assert_running(self, "writeorg");
    char* data = nullptr;
    Py_ssize_t size = 0;
    object exact = py::check(PyBytes_FromObject(bytes.ptr()));
    py::check(PyBytes_AsStringAndSize(exact.ptr(), &data, &size));
    checked(os::write_all(fd_of(self, "targetfd_save"_n), {data, static_cast<std::size_t>(size)}));
}

object write_bytes(py::Args a) {
    write_original(a[0], a[1]);
    return py::none();
}

object write_text(py::Args a) {
    write_original(a[0], py::call_method(a[1], "encode"_n, py::str("utf-8")));
    return py::none();
}

}  // namespace

FASTEST_MODULE(capture_descriptors, "_pytest.capture") {
    object base = m.cls("FDCaptureBase", {capture_base()})
                      .def("__init__", "self, targetfd", &initialise)
                      .def("__repr__", "self", &show)
                      .attr("_assert_state", py::global<"capture_streams", "_assert_state">())
                      .def("start", "self", &start, "Put the file in the place of the descriptor.")
                      .def("done", "self", &done, "Put everything back and close the file.")
                      .def("suspend", "self", &suspend)
                      .def("resume", "self", &resume)
                      .make();
    m.cls("FDCaptureBinary", {base})
        .attr("EMPTY_BUFFER", py::check(PyBytes_FromStringAndSize("", 0)))
        .def("snap", "self", &snap_bytes)
        .def("writeorg", "self, data", &write_bytes, "Write to the original file.")
        .make();
    m.cls("FDCapture", {base})
        .attr("EMPTY_BUFFER", ""_n)
        .def("snap", "self", &snap_text)
        .def("writeorg", "self, data", &write_text, "Write to the original file.")
        .make();
}

}  // namespace fastest::capture
