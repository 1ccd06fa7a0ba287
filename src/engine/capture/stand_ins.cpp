// The stand-ins for sys.stdin, sys.stdout and sys.stderr.

#include "engine/py/module.h"

namespace fastest::capture {

using namespace py::literals;
using py::handle;
using py::object;

namespace {

object io(handle name) { return py::lookup("io", name); }

object super_call(handle type, handle self, handle method, std::initializer_list<handle> args,
                  std::initializer_list<py::Keyword> keywords = {}) {
    object parent = py::call(py::type_object(PySuper_Type), type, self);
    return py::call_kw(py::get(parent, method), args, keywords);
}

[[noreturn]] void unsupported(std::string_view what) { py::raise(io("UnsupportedOperation"_n), what); }

object refuse_reading(py::Args) {
    py::raise(PyExc_OSError, "pytest: reading from stdin while output is captured!  Consider using `-s`.");
}

object itself(py::Args a) { return py::borrow(a[0]); }
object no(py::Args) { return py::boolean(false); }
object nothing(py::Args) { return py::none(); }

void define_encoded_file(py::Module& m) {
    m.cls("EncodedFile", {io("TextIOWrapper"_n)})
        .slots({})
        .prop("name", [](py::Args a) -> object { return py::repr_of(py::get(a[0], "buffer"_n)); })
        .prop("mode",
              [](py::Args a) -> object {
                  object mode = py::get(py::get(a[0], "buffer"_n), "mode"_n);
                  return py::call_method(mode, "replace"_n, "b"_n, ""_n);
              })
        .make();
}

object getvalue(py::Args a) {
    object bytes = py::call_method(py::get(a[0], "buffer"_n), "getvalue"_n);
    return py::call_method(bytes, "decode"_n, "UTF-8"_n);
}

void define_capture_io(py::Module& m) {
    m.cls("CaptureIO", {io("TextIOWrapper"_n)})
        .def("__init__", "self",
             [](py::Args a) -> object {
                 object bytes = py::call(io("BytesIO"_n));
                 return super_call(py::global<"capture_stand_ins", "CaptureIO">(), a[0], "__init__"_n, {bytes},
                                   {{"encoding"_n, "UTF-8"_n}, {"newline"_n, ""_n}, {"write_through"_n, Py_True}});
             })
        .def("getvalue", "self", &getvalue)
        .make();
    m.cls("TeeCaptureIO", {m.get("CaptureIO")})
        .def("__init__", "self, other",
             [](py::Args a) -> object {
                 py::set(a[0], "_other"_n, a[1]);
                 return super_call(py::global<"capture_stand_ins", "TeeCaptureIO">(), a[0], "__init__"_n, {});
             })
        .def("write", "self, s",
             [](py::Args a) -> object {
                 super_call(py::global<"capture_stand_ins", "TeeCaptureIO">(), a[0], "write"_n, {a[1]});
                 return py::call_method(py::get(a[0], "_other"_n), "write"_n, a[1]);
             })
        .make();
}

void define_no_input(py::Module& m) {
    py::ClassBuilder cls = m.cls("DontReadFromInput");
    for (const char* name : {"read", "readline"}) cls.def(name, "self, size=-1", &refuse_reading);
    cls.def("readlines", "self, hint=-1", &refuse_reading)
        .def("__next__", "self", &refuse_reading)
        .def("__iter__", "self", &itself)
        .def("__enter__", "self", &itself)
        .def("__exit__", "self, type, value, traceback", &nothing)
        .def("close", "self", &nothing)
        .prop("buffer", &itself)
        .prop("encoding",
              [](py::Args) -> object { return py::get(py::lookup("sys", "__stdin__"_n), "encoding"_n); });
    for (const char* name : {"isatty", "readable", "seekable", "writable"}) cls.def(name, "self", &no);
    for (const char* name : {"closed", "errors", "line_buffering", "mode", "name", "newlines"}) cls.prop(name, &nothing);
    cls.def("fileno", "self", [](py::Args) -> object { unsupported("redirected stdin is pseudofile, has no fileno()"); })
        .def("flush", "self", [](py::Args) -> object { unsupported("redirected stdin is pseudofile, has no flush()"); })
        .def("seek", "self, offset, whence=0",
             [](py::Args) -> object { unsupported("redirected stdin is pseudofile, has no seek(int)"); })
        .def("tell", "self", [](py::Args) -> object { unsupported("redirected stdin is pseudofile, has no tell()"); })
        .def("truncate", "self, size=None", [](py::Args) -> object { unsupported("cannot truncate stdin"); })
        .def("write", "self, data", [](py::Args) -> object { unsupported("cannot write to stdin"); })
        .def("writelines", "self, lines", [](py::Args) -> object { unsupported("Cannot write to stdin"); })
        .make();
}

}  // namespace

FASTEST_MODULE(capture_stand_ins, "_pytest.capture") {
    define_encoded_file(m);
    define_capture_io(m);
    define_no_input(m);
}

}  // namespace fastest::capture
