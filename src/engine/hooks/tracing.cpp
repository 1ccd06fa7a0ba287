// The tagged tracer: messages with an indentation, a tag path, and a block of named values.

#include "engine/hooks/tracing.h"

#include "engine/py/own_method.h"

namespace fastest::hooks {

using namespace py::literals;
using py::handle;
using py::object;

namespace {

std::string address(handle value) {
    char text[32];
    std::snprintf(text, sizeof text, "0x%zx", reinterpret_cast<std::size_t>(value.ptr()));
    return text;
}

/// What stands for a value whose `str()` or `repr()` has raised. KeyboardInterrupt and its like pass.
std::string describe_failure(const nb::python_error& error, handle value, const char* function) {
    if (!error.matches(PyExc_Exception)) throw error;
    std::string shown;
    py::Handling handling(error);
    try {
        shown = py::text(py::repr_of(error.value()));
    } catch (const nb::python_error& second) {
        if (!second.matches(PyExc_Exception)) throw;
        shown = py::cat("unpresentable ", py::get(error.type(), "__name__"_n));
    }
    object name = py::get(py::type_of(value), "__name__"_n);
    return py::cat("<[", shown, " raised in ", function, "()] ", name, " object at ", address(value), ">");
}

/// Text with lone surrogates written as escapes.
object escaped(handle text) {
    object bytes = py::check(PyUnicode_AsEncodedString(text.ptr(), "utf-8", "backslashreplace"));
    return py::check(PyUnicode_FromEncodedObject(bytes.ptr(), "utf-8", "strict"));
}

object safe_str(handle value) {
    try {
        return escaped(py::to_str(value));
    } catch (const nb::python_error& error) {
        return escaped(py::str(describe_failure(error, value, "str")));
    }
}

object safe_repr(handle value) {
    try {
        return escaped(py::repr_of(value));
    } catch (const nb::python_error& error) {
        return escaped(py::str(describe_failure(error, value, "repr")));
    }
}

bool is_plain_token(handle text) {
    return py::length(text) && py::truth(py::call_method(text, "isprintable"_n)) && !py::contains(text, " "_n);
}

bool wants_repr(handle value) {
    object os_pathlike = py::lookup("os", "PathLike"_n);
    if (py::is_instance(value, os_pathlike)) return true;
    object name = py::str("enum");
    object enum_module = py::steal(PyImport_GetModule(name.ptr()));  // no enum module, no enum members
    return enum_module.is_valid() && py::is_instance(value, py::get(enum_module, "Enum"_n));
}

std::string shown_value(handle value, const std::string& indent) {
    if (wants_repr(value)) return py::cat(" ", safe_repr(value), "\n");
    bool is_text = py::is_str(value);
    object text = is_text ? py::borrow(value) : safe_str(value);
    object lines = py::call_method(text, "splitlines"_n);
    Py_ssize_t count = py::length(lines);
    bool block = is_text ? count > 1 : count > 1 || (count == 1 && !py::equal(py::item(lines, py::integer(0)), text));
    if (!block) return py::cat(" ", is_text && !is_plain_token(text) ? safe_repr(value) : text, "\n");
    std::string out = "\n";
    for (object line : py::each(lines)) out += py::cat(indent, "      ", escaped(line), "\n");
    return out;
}

object format_message(py::Args a) {
    std::vector<object> labels;
    for (object arg : py::each(a[2])) labels.push_back(arg);
    if (labels.empty()) py::raise(PyExc_IndexError, "list index out of range");
    object extra;
    if (PyDict_Check(labels.back().ptr())) {
        extra = labels.back();
        labels.pop_back();
    }
    std::string indent(static_cast<std::size_t>(2 * std::max(0LL, py::to_int(py::get(a[0], "indent"_n)))), ' ');
    std::string out = indent;
    for (std::size_t i = 0; i < labels.size(); ++i) out += py::cat(i ? " " : "", safe_str(labels[i]));
    out += py::cat(" [", py::call_method(py::str(":"), "join"_n, a[1]), "]\n");
    if (extra.is_valid())
        for (object pair : py::each(py::check(PyDict_Items(extra.ptr()))))
            out += py::cat(indent, "    ", PyTuple_GET_ITEM(pair.ptr(), 0), ":",
                           shown_value(PyTuple_GET_ITEM(pair.ptr(), 1), indent));
    return py::str(out);
}

object process_message(py::Args a) {
    object writer = py::get(a[0], "_writer"_n);
    if (!py::is_none(writer) && py::truth(a[2]))
        py::call(writer, py::call_method(a[0], "_format_message"_n, a[1], a[2]));
    object processors = py::get(a[0], "_tags2proc"_n);
    if (!py::length(processors)) return py::none();
    if (object processor = py::dict_get(processors, a[1]); processor.is_valid()) py::call(processor, a[1], a[2]);
    return py::none();
}

object set_processor(py::Args a) {
    object tags = py::borrow(a[1]);
    if (py::is_str(tags))
        tags = py::to_tuple(py::call_method(tags, "split"_n, ":"_n));
    else if (!PyTuple_Check(tags.ptr()))
        py::raise_exception(py::call(handle(PyExc_AssertionError)));
    py::dict_set(py::get(a[0], "_tags2proc"_n), tags, a[2]);
    return py::none();
}

object sub_call(py::Args a) {
    py::call_method(py::get(a[0], "root"_n), "_processmessage"_n, py::get(a[0], "tags"_n), a[1]);
    return py::none();
}

object sub_get(py::Args a) {
    object tags = py::check(PySequence_Concat(py::get(a[0], "tags"_n).ptr(), py::tuple_of(a[1]).ptr()));
    return py::call(py::type_of(a[0]), py::get(a[0], "root"_n), tags);
}

py::OwnMethod g_call, g_process;  // constants

}  // namespace

bool traces_nothing(handle tracer) {
    if (!g_call.found_in(Py_TYPE(tracer.ptr()))) return false;
    object root = py::get(tracer, "root"_n);
    return g_process.found_on(root) && py::is_none(py::get(root, "_writer"_n)) &&
           !py::truth(py::get(root, "_tags2proc"_n));
}

FASTEST_MODULE(pluggy_tracing, "pluggy._tracing") {
    m.def("_escape_surrogates", "text", [](py::Args a) { return escaped(a[0]); });
    m.def("_is_plain_token", "text", [](py::Args a) { return py::boolean(is_plain_token(a[0])); });
    m.def("_safe_repr", "obj", [](py::Args a) { return safe_repr(a[0]); });
    m.def("_safe_str", "obj", [](py::Args a) { return safe_str(a[0]); });
    object sub = m.cls("TagTracerSub")
                     .def("__init__", "self, root, tags",
                          [](py::Args a) -> object {
                              py::set(a[0], "root"_n, a[1]);
                              py::set(a[0], "tags"_n, a[2]);
                              return py::none();
                          })
                     .def("__call__", "self, *args", &sub_call)
                     .def("get", "self, name", &sub_get)
                     .make();
    object tracer =
        m.cls("TagTracer")
            .def("__init__", "self",
                 [](py::Args a) -> object {
                     py::set(a[0], "_tags2proc"_n, py::new_dict());
                     py::set(a[0], "_writer"_n, Py_None);
                     py::set(a[0], "indent"_n, py::integer(0));
                     return py::none();
                 })
            .def("get", "self, name",
                 [](py::Args a) -> object {
                     return py::call(py::global<"pluggy_tracing", "TagTracerSub">(), a[0], py::tuple_of(a[1]));
                 })
            .def("_format_message", "self, tags, args", &format_message)
            .def("_processmessage", "self, tags, args", &process_message)
            .def("setwriter", "self, writer",
                 [](py::Args a) -> object {
                     py::set(a[0], "_writer"_n, a[1]);
                     return py::none();
                 })
            .def("setprocessor", "self, tags, processor", &set_processor)
            .make();
    g_call.remember(sub, "__call__");
    g_process.remember(tracer, "_processmessage");
}

}  // namespace fastest::hooks
