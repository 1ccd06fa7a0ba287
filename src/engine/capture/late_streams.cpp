#include "engine/capture/late_streams.h"

#include "engine/py/module.h"

namespace fastest::capture {

using namespace py::literals;
using py::handle;
using py::object;

namespace {

struct Base {
    const char* name;
    Py_ssize_t holders;  // references when nobody else has it: those of the captures and of their `done`
};
constexpr Base kBases[] = {{"EncodedFile", 3}, {"CaptureIO", 2}, {"TeeCaptureIO", 2}};

std::string class_name(const char* base, handle stream) { return py::cat("Late", base, "_", stream); }

bool is_usable(handle stream, handle self) {
    if (!stream.is_valid() || py::is_none(stream) || stream.is(self)) return false;
    object closed = py::try_get(stream, "closed"_n);
    return !closed.is_valid() || !py::truth(closed);
}

/// The stream that output goes to now; null when there is none.
object current(handle self) {
    object name = py::get(self, "_stream"_n), sys = py::import_module("sys");
    for (const object& candidate : {name, py::strcat("__", name, "__")})
        if (object stream = py::try_get(sys, candidate); is_usable(stream, self)) return stream;
    return {};
}

object write(py::Args a) {
    object stream = current(a[0]);
    if (stream.is_valid()) return py::call_method(stream, "write"_n, a[1]);
    return py::integer(py::length(a[1]));
}

object write_lines(py::Args a) {
    for (object line : py::each(a[1])) py::call_method(a[0], "write"_n, line);
    return py::none();
}

object flush(py::Args a) {
    object stream = current(a[0]);
    return stream.is_valid() ? py::call_method(stream, "flush"_n) : py::none();
}

object buffer(py::Args a) {
    object stream = current(a[0]);
    if (!stream.is_valid()) py::raise(PyExc_ValueError, "I/O operation on closed file.");
    return py::get(stream, "buffer"_n);
}

}  // namespace

void pass_on_late_output(handle file, handle name) {
    for (const auto& [base, holders] : kBases) {
        if (!py::type_of(file).is(py::get(py::room("capture_stand_ins"), py::str(base)))) continue;
        if (Py_REFCNT(file.ptr()) > holders)
            py::set(file, "__class__"_n, py::get(py::room("capture_late_streams"), py::str(class_name(base, name))));
        return;
    }
}

FASTEST_MODULE(capture_late_streams, "_pytest.capture") {
    for (const auto& [base, holders] : kBases) {
        for (handle stream : {"stdout"_n, "stderr"_n}) {
            std::string name = class_name(base, stream);
            object parent = py::get(py::room("capture_stand_ins"), py::str(base));
            py::ClassBuilder late = m.cls(name, {parent});
            if (std::string_view(base) == "EncodedFile") late.slots({});
            object made = late.attr("_stream", stream)
                              .def("write", "self, s", &write)
                              .def("writelines", "self, lines", &write_lines)
                              .def("flush", "self", &flush)
                              .prop("buffer", &buffer)
                              .make();
            for (handle attribute : {"__name__"_n, "__qualname__"_n}) py::set(made, attribute, py::str(base));
        }
    }
}

}  // namespace fastest::capture
