// `TerminalRepr` and its family: exceptions ready to be written to a terminal.

#include "engine/py/module.h"

namespace fastest::explain {
namespace {

using namespace py;

constexpr ClassBuilder::Dataclass kIdentity{.eq = false};

// What entries write, as keywords.
object line(handle tw, handle text) { return call_method(tw, "line"_n, text); }
object line(handle tw, std::string_view text) { return line(tw, str(text)); }

object terminal_repr_str(Args a) {
    object buffer = call(lookup("_io", "StringIO"_n));
    object tw = call_kw(lookup("_pytest._io", "TerminalWriter"_n), {}, {{"file"_n, buffer}});
    call_method(a[0], "toterminal"_n, tw);
    return call_method(call_method(buffer, "getvalue"_n), "strip"_n);
}

object terminal_repr_repr(Args a) {
    char address[2 + 2 * sizeof(void*) + 1];
    std::snprintf(address, sizeof address, "%zx", reinterpret_cast<std::size_t>(a[0].ptr()));
    return strcat("<", get(a[0], "__class__"_n), " instance at ", address, ">");
}

object terminal_repr_toterminal(Args) { raise_exception(call(handle(PyExc_NotImplementedError))); }

// --- exceptions -------------------------------------------------------------------------------

void write_sections(handle self, handle tw) {
    for (object section : each(get(self, "sections"_n))) {
        object parts = to_tuple(section);
        call_method(tw, "sep"_n, item(parts, integer(2)), item(parts, integer(0)));
        line(tw, item(parts, integer(1)));
    }
}

object exception_init(Args a) {
    set(a[0], "reprtraceback"_n, a[1]);
    set(a[0], "reprcrash"_n, a[2]);
    set(a[0], "sections"_n, new_list());
    return none();
}

object exception_addsection(Args a) {
    append(get(a[0], "sections"_n), tuple_of(a[1], a[2], a[3]));
    return none();
}

object exception_toterminal(Args a) {
    write_sections(a[0], a[1]);
    return none();
}

object chain_init(Args a) {
    object newest = item(a[1], integer(-1));
    set(a[0], "reprtraceback"_n, item(newest, integer(0)));
    set(a[0], "reprcrash"_n, item(newest, integer(1)));
    set(a[0], "sections"_n, new_list());
    set(a[0], "chain"_n, a[1]);
    return none();
}

object chain_toterminal(Args a) {
    for (object link : each(get(a[0], "chain"_n))) {
        object parts = to_tuple(link);
        call_method(item(parts, integer(0)), "toterminal"_n, a[1]);
        object description = item(parts, integer(2));
        if (is_none(description)) continue;
        line(a[1], "");
        call_method_kw(a[1], "line"_n, {description}, {{"yellow"_n, Py_True}});
    }
    write_sections(a[0], a[1]);
    return none();
}

object excinfo_repr_toterminal(Args a) {
    call_method(get(a[0], "reprtraceback"_n), "toterminal"_n, a[1]);
    write_sections(a[0], a[1]);
    return none();
}

/// `X(name=value, ...)`, as the dataclasses show themselves.
object show_fields(handle self, std::initializer_list<handle> names) {
    std::string out = cat(get(get(self, "__class__"_n), "__qualname__"_n), "(");
    bool first = true;
    for (handle name : names) {
        out += cat(first ? "" : ", ", name, "=", repr_of(get(self, name)));
        first = false;
    }
    return str(out + ")");
}

object exception_repr(Args a) { return show_fields(a[0], {"reprtraceback"_n, "reprcrash"_n, "sections"_n}); }

object chain_repr(Args a) { return show_fields(a[0], {"reprtraceback"_n, "reprcrash"_n, "sections"_n, "chain"_n}); }

// --- tracebacks -------------------------------------------------------------------------------

object traceback_toterminal(Args a) {
    object entries = to_list(get(a[0], "reprentries"_n));
    Py_ssize_t count = PyList_GET_SIZE(entries.ptr());
    for (Py_ssize_t i = 0; i < count; ++i) {
        object entry = borrow(PyList_GET_ITEM(entries.ptr(), i));
        bool is_long = equal(get(entry, "style"_n), "long"_n);
        if (is_long) line(a[1], "");
        call_method(entry, "toterminal"_n, a[1]);
        if (i + 1 == count) break;
        bool long_follows = equal(get(handle(PyList_GET_ITEM(entries.ptr(), i + 1)), "style"_n), "long"_n);
        if (is_long || (long_follows && equal(get(entry, "style"_n), "short"_n)))
            call_method(a[1], "sep"_n, get(a[0], "entrysep"_n));
    }
    object extra = get(a[0], "extraline"_n);
    if (truth(extra)) line(a[1], extra);
    return none();
}

object native_traceback_init(Args a) {
    set(a[0], "reprentries"_n, list_of(call(global<"code_reprs", "ReprEntryNative">(), a[1])));
    set(a[0], "extraline"_n, a[2]);
    set(a[0], "style"_n, "native"_n);
    return none();
}

object native_entry_toterminal(Args a) {
    call_method(a[1], "write"_n, call_method(str(""), "join"_n, get(a[0], "lines"_n)));
    return none();
}

// --- entries ----------------------------------------------------------------------------------

constexpr Py_ssize_t kMarkerWidth = 4;  // "E   ", ">   " or blanks

object cut_text(handle text, Py_ssize_t begin, Py_ssize_t end) { return check(PyUnicode_Substring(text.ptr(), begin, end)); }

/// Source lines go through the writer's highlighter without their markers; from the first failure line on all is red.
object entry_write_lines(Args a) {
    handle tw = a[1];
    object lines = to_list(get(a[0], "lines"_n));
    if (length(lines) == 0) return none();
    if (equal(get(a[0], "style"_n), "value"_n)) {
        for (object text : each(lines)) {
            call_method(tw, "write"_n, text);
            call_method(tw, "write"_n, str("\n"));
        }
        return none();
    }
    object fail = strcat(get(lookup("_pytest._code.code", "ExceptionInfoFormatter"_n), "fail_marker"_n), "   ");
    object sources = new_list(), markers = new_list(), failures = new_list();
    for (object text : each(lines)) {
        if (length(failures) || PyUnicode_Tailmatch(text.ptr(), fail.ptr(), 0, PY_SSIZE_T_MAX, -1) == 1) {
            append(failures, text);
            continue;
        }
        append(markers, cut_text(text, 0, kMarkerWidth));
        append(sources, cut_text(text, kMarkerWidth, PY_SSIZE_T_MAX));
    }
    call_method(tw, "_write_source"_n, sources, markers);
    for (object text : each(failures))
        call_method_kw(tw, "line"_n, {text}, {{"bold"_n, Py_True}, {"red"_n, Py_True}});
    return none();
}

object entry_toterminal(Args a) {
    handle self = a[0], tw = a[1];
    object place = get(self, "reprfileloc"_n), locals = get(self, "reprlocals"_n);
    if (equal(get(self, "style"_n), "short"_n)) {
        if (truth(place)) call_method(place, "toterminal"_n, tw);
        call_method(self, "_write_entry_lines"_n, tw);
        if (truth(locals)) call_method_kw(locals, "toterminal"_n, {tw}, {{"indent"_n, str("        ")}});
        return none();
    }
    object arguments = get(self, "reprfuncargs"_n);
    if (truth(arguments)) call_method(arguments, "toterminal"_n, tw);
    call_method(self, "_write_entry_lines"_n, tw);
    if (truth(locals)) {
        line(tw, "");
        call_method(locals, "toterminal"_n, tw);
    }
    if (truth(place)) {
        if (truth(get(self, "lines"_n))) line(tw, "");
        call_method(place, "toterminal"_n, tw);
    }
    return none();
}

object entry_str(Args a) {
    object lines = call_method(str("\n"), "join"_n, get(a[0], "lines"_n));
    return strcat(lines, "\n", get(a[0], "reprlocals"_n), "\n", get(a[0], "reprfileloc"_n));
}

object location_post_init(Args a) {
    set(a[0], "path"_n, to_str(get(a[0], "path"_n)));
    return none();
}

object location_toterminal(Args a) {
    std::string message = text_of(get(a[0], "message"_n));
    message = message.substr(0, message.find('\n'));
    call_method_kw(a[1], "write"_n, {get(a[0], "path"_n)}, {{"bold"_n, Py_True}, {"red"_n, Py_True}});
    line(a[1], cat(":", get(a[0], "lineno"_n), ": ", message));
    return none();
}

object locals_toterminal(Args a) {
    for (object text : each(get(a[0], "lines"_n))) line(a[1], strcat(a[2], text));
    return none();
}

/// As many "name = value" on a line as the terminal's width holds.
object arguments_toterminal(Args a) {
    object arguments = get(a[0], "args"_n);
    if (!truth(arguments)) return none();
    object row = str("");
    for (object pair : each(arguments)) {
        object parts = to_tuple(pair);
        object shown = strcat(item(parts, integer(0)), " = ", item(parts, integer(1)));
        bool fits = length(shown) + length(row) + 2 <= to_int(get(a[1], "fullwidth"_n));
        if (fits && length(row)) {
            row = strcat(row, ", ", shown);
            continue;
        }
        if (!fits && length(row)) line(a[1], row);
        row = shown;
    }
    if (length(row)) line(a[1], row);
    line(a[1], "");
    return none();
}

void define_exceptions(Module& m, handle base) {
    object exception =
        m.cls("ExceptionRepr", {base})
            .doc("An exception: its traceback, where it crashed, and titled sections of further text.")
            .dataclass("reprtraceback, reprcrash, sections=[]", kIdentity)
            .def("__init__", "self, reprtraceback, reprcrash", exception_init)
            .def("__repr__", "self", exception_repr)
            .def("addsection", "self, name, content, sep='-'", exception_addsection)
            .def("toterminal", "self, tw", exception_toterminal)
            .make();
    m.cls("ExceptionChainRepr", {exception})
        .doc("Exceptions of which each led to the next, with a line between them that says how.")
        .dataclass("reprtraceback, reprcrash, sections=[], chain", kIdentity)
        .def("__init__", "self, chain", chain_init)
        .def("__repr__", "self", chain_repr)
        .def("toterminal", "self, tw", chain_toterminal)
        .make();
    m.cls("ReprExceptionInfo", {exception})
        .doc("A single exception.")
        .dataclass("reprtraceback, reprcrash, sections=[]", kIdentity)
        .def("__init__", "self, reprtraceback, reprcrash", exception_init)
        .def("__repr__", "self", exception_repr)
        .def("toterminal", "self, tw", excinfo_repr_toterminal)
        .make();
}

void define_tracebacks(Module& m, handle base) {
    object traceback = m.cls("ReprTraceback", {base})
                           .doc("The entries of a traceback, and perhaps a line after them.")
                           .attr("entrysep", str("_ "))
                           .dataclass("reprentries, extraline, style", kIdentity)
                           .def("toterminal", "self, tw", traceback_toterminal)
                           .make();
    m.cls("ReprTracebackNative", {traceback})
        .doc("A traceback in Python's own format, as one entry.")
        .def("__init__", "self, tblines, *, extraline=None", native_traceback_init)
        .make();
    m.cls("ReprEntryNative", {base})
        .doc("Lines of a traceback in Python's own format, with their line ends.")
        .attr("style", "native"_n)
        .dataclass("lines", kIdentity)
        .def("toterminal", "self, tw", native_entry_toterminal)
        .make();
}

void define_entries(Module& m, handle base) {
    m.cls("ReprEntry", {base})
        .doc("An entry of a traceback: source, place, and perhaps arguments and locals.")
        .dataclass("lines, reprfuncargs, reprlocals, reprfileloc, style", kIdentity)
        .def("_write_entry_lines", "self, tw", entry_write_lines)
        .def("toterminal", "self, tw", entry_toterminal)
        .def("__str__", "self", entry_str)
        .make();
    m.cls("ReprFileLocation", {base})
        .doc("`path:line: message`, which editors understand; only the first line of the message is shown.")
        .dataclass("path, lineno, message", kIdentity)
        .def("__post_init__", "self", location_post_init)
        .def("toterminal", "self, tw", location_toterminal)
        .make();
    m.cls("ReprLocals", {base})
        .doc("Local variables, a line each.")
        .dataclass("lines", kIdentity)
        .def("toterminal", "self, tw, indent=''", locals_toterminal)
        .make();
    m.cls("ReprFuncArgs", {base})
        .doc("Arguments of a function, separated by commas.")
        .dataclass("args", kIdentity)
        .def("toterminal", "self, tw", arguments_toterminal)
        .make();
}

}  // namespace

// By itself, as it is the base of classes that every run makes.
FASTEST_MODULE(code_terminal_repr, "_pytest._code.code") {
    m.cls("TerminalRepr")
        .doc("Something that can write itself to a terminal.")
        .dataclass("", kIdentity)
        .def("__str__", "self", terminal_repr_str)
        .def("__repr__", "self", terminal_repr_repr)
        .def("toterminal", "self, tw", terminal_repr_toterminal)
        .make();
}

FASTEST_MODULE(code_reprs, "_pytest._code.code") {
    object base = borrow(global<"code_terminal_repr", "TerminalRepr">());
    define_exceptions(m, base);
    define_tracebacks(m, base);
    define_entries(m, base);
}

}  // namespace fastest::explain
