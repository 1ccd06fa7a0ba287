// The captures of stdin, stdout and stderr together, and what they give.

#include "engine/capture/stream_capture.h"
#include "engine/py/named_tuple.h"

namespace fastest::capture {

namespace {

void define_result(py::Module& m) {
    py::named_tuple_class(m, "CaptureResult", {"out", "err"})
        .generic()
        .doc("The captured output: a tuple of `out` and `err`.")
        .make();
}

/// Calls a method of those of the captures that there are.
void each_stream(handle self, std::initializer_list<handle> names, handle method) {
    for (handle name : names) {
        object stream = py::get(self, name);
        if (py::truth(stream)) py::call_method(stream, method);
    }
}

object initialise(py::Args a) {
    py::set(a[0], "in_"_n, a[1]);
    py::set(a[0], "out"_n, a[2]);
    py::set(a[0], "err"_n, a[3]);
    return py::none();
}

object show(py::Args a) {
    auto shown = [&](handle name) { return py::repr_of(py::get(a[0], name)); };
    return py::strcat("<MultiCapture out=", shown("out"_n), " err=", shown("err"_n), " in_=", shown("in_"_n),
                      " _state=", shown("_state"_n), " _in_suspended=", shown("_in_suspended"_n), ">");
}

object start(py::Args a) {
    enter_state(a[0], state_started());
    each_stream(a[0], {"in_"_n, "out"_n, "err"_n}, "start"_n);
    return py::none();
}

object suspend(py::Args a) {
    handle self = a[0];
    enter_state(self, state_suspended());
    each_stream(self, {"out"_n, "err"_n}, "suspend"_n);
    if (py::truth(a[1]) && py::truth(py::get(self, "in_"_n))) {
        each_stream(self, {"in_"_n}, "suspend"_n);
        py::set(self, "_in_suspended"_n, Py_True);
    }
    return py::none();
}

object resume(py::Args a) {
    handle self = a[0];
    enter_state(self, state_started());
    each_stream(self, {"out"_n, "err"_n}, "resume"_n);
    if (py::truth(py::get(self, "_in_suspended"_n))) {
        py::call_method(py::get(self, "in_"_n), "resume"_n);
        py::set(self, "_in_suspended"_n, Py_False);
    }
    return py::none();
}

object stop(py::Args a) {
    if (in_state(a[0], "stopped"_n)) py::raise(PyExc_ValueError, "was already stopped");
    enter_state(a[0], "stopped"_n);
    each_stream(a[0], {"out"_n, "err"_n, "in_"_n}, "done"_n);
    return py::none();
}

object snap(handle stream) { return py::truth(stream) ? py::call_method(stream, "snap"_n) : py::borrow(""_n); }

object readouterr(py::Args a) {
    object out = snap(py::get(a[0], "out"_n));
    object err = snap(py::get(a[0], "err"_n));
    return py::new_named_tuple(py::global<"capture_multi", "CaptureResult">(), py::tuple_of(out, err));
}

object pop_outerr_to_orig(py::Args a) {
    object result = py::call_method(a[0], "readouterr"_n);
    object out = py::item(result, py::integer(0)), err = py::item(result, py::integer(1));
    if (py::truth(out)) py::call_method(py::get(a[0], "out"_n), "writeorg"_n, out);
    if (py::truth(err)) py::call_method(py::get(a[0], "err"_n), "writeorg"_n, err);
    return py::tuple_of(out, err);
}

void define_multi_capture(py::Module& m) {
    m.cls("MultiCapture")
        .attr("_state", Py_None)
        .attr("_in_suspended", Py_False)
        .def("__init__", "self, in_, out, err", &initialise)
        .def("__repr__", "self", &show)
        .def("start_capturing", "self", &start)
        .def("suspend_capturing", "self, in_=False", &suspend)
        .def("resume_capturing", "self", &resume)
        .def("stop_capturing", "self", &stop, "Stop for good and give the streams back.")
        .def(
            "is_started", "self", [](py::Args a) -> object { return py::boolean(in_state(a[0], state_started())); },
            "Whether it captures: neither suspended nor stopped.")
        .def("readouterr", "self", &readouterr)
        .def("pop_outerr_to_orig", "self", &pop_outerr_to_orig, "Take what was captured and write it to the originals.")
        .generic()
        .make();
}

object get_multicapture(py::Args a) {
    std::string method = py::text(a[0]);
    handle multi = py::global<"capture_multi", "MultiCapture">();
    auto three = [&](handle type) {
        return py::call_kw(multi, {},
                           {{"in_"_n, py::call(type, py::integer(0))},
                            {"out"_n, py::call(type, py::integer(1))},
                            {"err"_n, py::call(type, py::integer(2))}});
    };
    handle sys_capture = py::global<"capture_streams", "SysCapture">();
    if (method == "fd") return three(py::global<"capture_descriptors", "FDCapture">());
    if (method == "sys") return three(sys_capture);
    if (method == "no") return py::call(multi, handle(Py_None), handle(Py_None), handle(Py_None));
    if (method == "tee-sys") {
        auto tee = [&](int fd) { return py::call_kw(sys_capture, {py::integer(fd)}, {{"tee"_n, Py_True}}); };
        return py::call(multi, handle(Py_None), tee(1), tee(2));
    }
    py::raise(PyExc_ValueError, py::cat("unknown capturing method: ", py::repr_of(a[0])));
}

}  // namespace

FASTEST_MODULE(capture_multi, "_pytest.capture") {
    define_result(m);
    define_multi_capture(m);
    m.def("_get_multicapture", "method", &get_multicapture);
}

}  // namespace fastest::capture
