// Captures of one stream at the level of `sys`: nothing, text, or bytes.

#include "engine/capture/stream_capture.h"

#include "engine/capture/late_streams.h"

namespace fastest::capture {

namespace {

object not_implemented(py::Args) { py::raise_exception(py::call(handle(PyExc_NotImplementedError))); }
object nothing(py::Args) { return py::none(); }

/// `setattr(sys, name, value)`.
void set_sys(handle name, handle value) { py::check(PySys_SetObject(PyUnicode_AsUTF8(name.ptr()), value.ptr())); }

object initialise(py::Args a) {
    handle self = a[0];
    handle name = stream_name(py::to_int(a[1]));
    if (!name.ptr()) py::raise_exception(py::call(handle(PyExc_KeyError), a[1]));
    object old = py::lookup("sys", name);
    py::set(self, "_old"_n, old);
    py::set(self, "name"_n, name);
    object file = py::borrow(a[2]);
    if (py::is_none(file)) {
        if (name.ptr() == "stdin"_n.ptr())
            file = py::call(py::global<"capture_stand_ins", "DontReadFromInput">());
        else if (py::truth(a[3]))
            file = py::call(py::global<"capture_stand_ins", "TeeCaptureIO">(), old);
        else
            file = py::call(py::global<"capture_stand_ins", "CaptureIO">());
    }
    py::set(self, "tmpfile"_n, file);
    enter_state(self, state_initialized());
    return py::none();
}

object show(handle self, handle class_name) {
    object old = py::try_get(self, "_old"_n);
    return py::strcat("<", class_name, " ", py::get(self, "name"_n), " _old=",
                      old.is_valid() ? py::text(py::repr_of(old)) : std::string("<UNSET>"), " _state=",
                      py::repr_of(py::get(self, "_state"_n)), " tmpfile=", py::repr_of(py::get(self, "tmpfile"_n)), ">");
}

object class_name_of(handle self) { return py::get(py::type_of(self), "__name__"_n); }

object start(py::Args a) {
    assert_state(a[0], "start", {state_initialized()});
    set_sys(py::get(a[0], "name"_n), py::get(a[0], "tmpfile"_n));
    enter_state(a[0], state_started());
    return py::none();
}

object done(py::Args a) {
    assert_not_unknown(a[0], "done");
    if (in_state(a[0], state_done())) return py::none();
    set_sys(py::get(a[0], "name"_n), py::get(a[0], "_old"_n));
    py::del(a[0], "_old"_n);
    object file = py::get(a[0], "tmpfile"_n), name = py::get(a[0], "name"_n);
    if (name.is("stdout"_n) || name.is("stderr"_n)) pass_on_late_output(file, name);
    py::call_method(file, "close"_n);
    enter_state(a[0], state_done());
    return py::none();
}

object suspend(py::Args a) {
    assert_running(a[0], "suspend");
    set_sys(py::get(a[0], "name"_n), py::get(a[0], "_old"_n));
    enter_state(a[0], state_suspended());
    return py::none();
}

object resume(py::Args a) {
    assert_running(a[0], "resume");
    if (in_state(a[0], state_started())) return py::none();
    set_sys(py::get(a[0], "name"_n), py::get(a[0], "tmpfile"_n));
    enter_state(a[0], state_started());
    return py::none();
}

void rewind_and_empty(handle file) {
    py::call_method(file, "seek"_n, py::integer(0));
    py::call_method(file, "truncate"_n);
}

object snap_bytes(py::Args a) {
    assert_running(a[0], "snap");
    object file = py::get(a[0], "tmpfile"_n);
    py::call_method(file, "seek"_n, py::integer(0));
    object bytes = py::call_method(py::get(file, "buffer"_n), "read"_n);
    rewind_and_empty(file);
    return bytes;
}

object snap_text(py::Args a) {
    assert_running(a[0], "snap");
    object file = py::get(a[0], "tmpfile"_n);
    object text = py::call_method(file, "getvalue"_n);
    rewind_and_empty(file);
    return text;
}

object write_bytes(py::Args a) {
    assert_running(a[0], "writeorg");
    object old = py::get(a[0], "_old"_n);
    py::call_method(old, "flush"_n);
    object buffer = py::get(old, "buffer"_n);
    py::call_method(buffer, "write"_n, a[1]);
    py::call_method(buffer, "flush"_n);
    return py::none();
}

object write_text(py::Args a) {
    assert_running(a[0], "writeorg");
    object old = py::get(a[0], "_old"_n);
    py::call_method(old, "write"_n, a[1]);
    py::call_method(old, "flush"_n);
    return py::none();
}

object python_assert_state(py::Args a) {
    object state = py::get(a[0], "_state"_n);
    if (!py::contains(a[2], state))
        py::raise(PyExc_AssertionError, py::cat("cannot ", a[1], " in state ", py::repr_of(state), ": expected one of ",
                                                py::call_method(py::str(", "), "join"_n, a[2])));
    return py::none();
}

}  // namespace

void assert_state(handle self, const char* operation, std::initializer_list<handle> allowed) {
    object state = py::get(self, "_state"_n);
    for (handle name : allowed)
        if (state.ptr() == name.ptr()) return;
    object names = py::new_list();
    for (handle name : allowed) py::append(names, name);
    py::call_method(self, "_assert_state"_n, py::str(operation), py::to_tuple(names));
}

handle stream_name(long long fd) {
    switch (fd) {
        case 0: return "stdin"_n;
        case 1: return "stdout"_n;
        case 2: return "stderr"_n;
        default: return handle();
    }
}

handle capture_base() { return py::global<"capture_streams", "CaptureBase">(); }

FASTEST_MODULE(capture_streams, "_pytest.capture") {
    object names = py::new_dict();
    for (int fd : {0, 1, 2}) py::dict_set(names, py::integer(fd), stream_name(fd));
    m.attr("patchsysdict", names);

    py::ClassBuilder base = m.cls("CaptureBase");
    base.metaclass(py::lookup("abc", "ABCMeta"_n)).def("__init__", "self, fd", &not_implemented).abstract();
    for (const char* name : {"start", "done", "suspend", "resume", "snap"}) base.def(name, "self", &not_implemented).abstract();
    base.def("writeorg", "self, data", &not_implemented).abstract().generic();
    object made = base.make();

    py::ClassBuilder no_capture = m.cls("NoCapture", {made});
    no_capture.attr("EMPTY_BUFFER", ""_n).def("__init__", "self, fd", &nothing);
    for (const char* name : {"start", "done", "suspend", "resume"}) no_capture.def(name, "self", &nothing);
    no_capture.def("snap", "self", [](py::Args) -> object { return py::borrow(""_n); })
        .def("writeorg", "self, data", &nothing)
        .make();

    object sys_base = m.cls("SysCaptureBase", {made})
                          .def("__init__", "self, fd, tmpfile=None, *, tee=False", &initialise)
                          .def("repr", "self, class_name", [](py::Args a) -> object { return show(a[0], a[1]); })
                          .def("__repr__", "self", [](py::Args a) -> object { return show(a[0], class_name_of(a[0])); })
                          .def("_assert_state", "self, op, states", &python_assert_state)
                          .def("start", "self", &start)
                          .def("done", "self", &done)
                          .def("suspend", "self", &suspend)
                          .def("resume", "self", &resume)
                          .make();
    m.cls("SysCaptureBinary", {sys_base})
        .attr("EMPTY_BUFFER", py::check(PyBytes_FromStringAndSize("", 0)))
        .def("snap", "self", &snap_bytes)
        .def("writeorg", "self, data", &write_bytes)
        .make();
    m.cls("SysCapture", {sys_base})
        .attr("EMPTY_BUFFER", ""_n)
        .def("snap", "self", &snap_text)
        .def("writeorg", "self, data", &write_text)
        .make();
    m.def("_assert_state", "self, op, states", &python_assert_state);
}

}  // namespace fastest::capture
