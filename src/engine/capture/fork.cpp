#include "engine/capture/fork.h"

#include "engine/capture/stream_capture.h"
#include "engine/py/fork.h"
#include "os/descriptor.h"

namespace fastest::capture {
namespace {

void checked(int result) {
    if (result < 0) py::raise_exception(py::call(handle(PyExc_OSError), py::integer(-result), py::str("forking a capture")));
}

int fd_of(handle capture, handle attribute) { return static_cast<int>(py::to_int(py::get(capture, attribute))); }

bool is_descriptor_capture(handle capture) {
    return py::is_instance(capture, py::global<"capture_descriptors", "FDCaptureBase">());
}

/// The file object stays, as `sys.stdout` and log handlers may have it; its descriptor gets another file. A capture that is on within
/// another one (`capfd`) has saved the file of that one, which is another one now.
void part_descriptor(handle capture, bool within_another) {
    bool started = in_state(capture, state_started());
    int target = fd_of(capture, "targetfd"_n);
    if (target == 0) return;
    if (within_another && started) checked(os::duplicate_to(target, fd_of(capture, "targetfd_save"_n)));
    int file = PyObject_AsFileDescriptor(py::get(capture, "tmpfile"_n).ptr());
    if (file < 0) throw nb::python_error();
    checked(os::replace_by_own(file, os::Contents::kDropped));
    if (started) checked(os::duplicate_to(file, target));
}

void part_stream(handle capture, handle outer) {
    if (is_descriptor_capture(capture))
        return part_descriptor(capture, is_descriptor_capture(outer) && in_state(outer, state_started()));
    if (in_state(capture, state_started()) || in_state(capture, state_suspended())) py::call_method(capture, "snap"_n);
}

bool is_multi_capture(handle value) { return py::is_instance(value, py::global<"capture_multi", "MultiCapture">()); }

void part(handle captures, handle outer) {
    if (!is_multi_capture(captures)) return;
    for (handle name : {"out"_n, "err"_n})
        if (object stream = py::get(captures, name); py::is_instance(stream, capture_base()))
            part_stream(stream, is_multi_capture(outer) ? py::get(outer, name) : py::none());
}

/// Closure: the capture manager.
object after_fork(py::Args a) {
    object global = py::get(a.closure(), "_global_capturing"_n), fixture = py::get(a.closure(), "_capture_fixture"_n);
    part(global, Py_None);
    if (py::truth(fixture)) part(py::get_or(fixture, "_capture"_n, Py_None), global);
    return py::none();
}

}  // namespace

void part_at_fork(handle config, handle manager) {
    py::on_fork(config, Py_None, py::make_function("after_fork", "config", &after_fork, manager));
}

}  // namespace fastest::capture
