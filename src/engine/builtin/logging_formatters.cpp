// Formatters of log records: dates with microseconds, coloured level names, indented continuation lines.
// This namespace imports `logging`.

#include "engine/builtin/log_text.h"

namespace fastest::builtin {

namespace {

object logging(handle name) { return py::lookup("logging", name); }

/// Calls the base class's method, past any override.
object base_call(handle base, handle method, handle self, std::initializer_list<handle> args) {
    object items = py::list_of(self);
    for (handle arg : args) py::append(items, arg);
    return py::call_ex(py::get(logging(base), method), py::to_tuple(items));
}

object format_time(py::Args a) {
    if (!py::truth(a[2]) || !py::contains(a[2], py::str("%f"))) return base_call("Formatter"_n, "formatTime"_n, a[0], {a[1], a[2]});
    object time = py::call_method(a[0], "converter"_n, py::get(a[1], "created"_n));
    auto datetime = [](handle name) { return py::lookup("datetime", name); };
    object offset = py::call_kw(datetime("timedelta"_n), {}, {{"seconds"_n, py::get(time, "tm_gmtoff"_n)}});
    object zone = py::call(datetime("timezone"_n), offset, py::get(time, "tm_zone"_n));
    object fields = py::check(PySequence_GetSlice(time.ptr(), 0, 6));
    object microseconds = py::integer(static_cast<long long>(py::to_double(py::get(a[1], "msecs"_n)) * 1000));
    object kwargs = py::new_dict();
    py::dict_set(kwargs, "microsecond"_n, microseconds);
    py::dict_set(kwargs, "tzinfo"_n, zone);
    object moment = py::call_ex(datetime("datetime"_n), py::to_tuple(fields), kwargs);
    return py::call_method(moment, "strftime"_n, a[2]);
}

object level_regex(handle self) { return py::get(self, "LEVELNAME_FMT_REGEX"_n); }

object add_color_level(py::Args a) {
    handle self = a[0];
    object format = py::get(self, "_fmt"_n);
    object match = py::call_method(level_regex(self), "search"_n, format);
    if (py::is_none(match)) return py::none();
    object values = py::new_dict();
    py::dict_set(values, "levelname"_n, py::call(logging("getLevelName"_n), a[1]));
    object plain = py::check(PyUnicode_Format(py::call_method(match, "group"_n).ptr(), values.ptr()));
    object markup = py::new_dict();
    for (object name : py::each(a[2])) py::dict_set(markup, name, Py_True);
    object colored = py::call_ex(py::get(py::get(self, "_terminalwriter"_n), "markup"_n), py::tuple_of(plain), markup);
    py::set_item(py::get(self, "_level_to_fmt_mapping"_n), a[1],
                 py::call_method(level_regex(self), "sub"_n, colored, format));
    return py::none();
}

object initialise_colored(py::Args a) {
    handle self = a[0];
    object positional = py::check(PySequence_Concat(py::tuple_of(self).ptr(), a[2].ptr()));
    py::call_ex(py::get(logging("Formatter"_n), "__init__"_n), positional, a[3]);
    py::set(self, "_terminalwriter"_n, a[1]);
    py::set(self, "_original_fmt"_n, py::get(py::get(self, "_style"_n), "_fmt"_n));
    py::set(self, "_level_to_fmt_mapping"_n, py::new_dict());
    object table = py::get(self, "LOGLEVEL_COLOROPTS"_n);
    for (object level : py::each(table)) {
        object args = py::check(PySequence_Concat(py::tuple_of(level).ptr(), py::to_tuple(py::item(table, level)).ptr()));
        py::call_ex(py::get(self, "add_color_level"_n), args);
    }
    return py::none();
}

object format_colored(py::Args a) {
    handle self = a[0];
    object format = py::call_method(py::get(self, "_level_to_fmt_mapping"_n), "get"_n, py::get(a[1], "levelno"_n),
                                    py::get(self, "_original_fmt"_n));
    py::set(py::get(self, "_style"_n), "_fmt"_n, format);
    return base_call("Formatter"_n, "format"_n, self, {a[1]});
}

object color_options() {
    struct Color {
        handle level;
        std::initializer_list<const char*> names;
    };
    object table = py::new_dict();
    for (const Color& color : {Color{"CRITICAL"_n, {"red"}}, Color{"ERROR"_n, {"red", "bold"}}, Color{"WARNING"_n, {"yellow"}},
                               Color{"WARN"_n, {"yellow"}}, Color{"INFO"_n, {"green"}}, Color{"DEBUG"_n, {"purple"}},
                               Color{"NOTSET"_n, {}}}) {
        object names = py::check(PySet_New(nullptr));
        for (const char* name : color.names) py::check(PySet_Add(names.ptr(), py::str(name).ptr()));
        py::dict_set(table, logging(color.level), names);
    }
    return table;
}

object auto_indent(handle option) {
    if (py::is_none(option)) return py::integer(0);
    if (PyBool_Check(option.ptr())) return py::integer(option.ptr() == Py_True ? -1 : 0);
    if (PyLong_Check(option.ptr())) return py::to_int(option) > 0 ? py::borrow(option) : py::integer(0);
    if (!py::is_str(option)) return py::none();
    try {
        object number = py::call(py::type_object(PyLong_Type), option);
        return py::to_int(number) > 0 ? number : py::integer(0);
    } catch (const nb::python_error& error) {
        if (!error.matches(PyExc_ValueError)) throw;
    }
    try {
        return py::integer(py::truth(py::call(py::facade("_pytest.config", "_strtobool"_n), option)) ? -1 : 0);
    } catch (const nb::python_error& error) {
        if (!error.matches(PyExc_ValueError)) throw;
    }
    return py::integer(0);
}

object initialise_multiline(py::Args a) {
    base_call("PercentStyle"_n, "__init__"_n, a[0], {a[1]});
    py::set(a[0], "_auto_indent"_n, py::call_method(a[0], "_get_auto_indent"_n, a[2]));
    return py::none();
}

object format_multiline(py::Args a) {
    handle self = a[0], record = a[1];
    object format = py::get(self, "_fmt"_n), fields = py::get(record, "__dict__"_n);
    object message = py::get(record, "message"_n);
    if (!py::contains(message, "\n"_n)) return py::check(PyUnicode_Format(format.ptr(), fields.ptr()));
    object own = py::try_get(record, "auto_indent"_n);
    object indent = own.is_valid() ? py::call_method(self, "_get_auto_indent"_n, own) : py::get(self, "_auto_indent"_n);
    if (!py::truth(indent)) return py::check(PyUnicode_Format(format.ptr(), fields.ptr()));
    object lines = py::call_method(message, "splitlines"_n);
    object first_fields = py::check(PyDict_Copy(fields.ptr()));
    object first_line = py::item(lines, py::integer(0));
    py::dict_set(first_fields, "message"_n, first_line);
    object first = py::check(PyUnicode_Format(format.ptr(), first_fields.ptr()));
    long long width = py::to_int(indent);
    if (width < 0) {
        object plain = py::str(without_ansi_escapes(py::text(first)));
        width = py::to_int(py::call_method(plain, "find"_n, first_line));
    }
    py::set_item(lines, py::integer(0), first);
    object separator = py::str("\n" + std::string(static_cast<std::size_t>(std::max(0LL, width)), ' '));
    return py::call_method(separator, "join"_n, lines);
}

}  // namespace

std::string without_ansi_escapes(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\x1b' && i + 1 < text.size() && text[i + 1] == '[') {
            std::size_t end = i + 2;
            while (end < text.size() && (text[end] == ';' || (text[end] >= '0' && text[end] <= '9'))) ++end;
            if (end > i + 2 && end < text.size() && text[end] == 'm') {
                i = end;
                continue;
            }
        }
        out.push_back(text[i]);
    }
    return out;
}

FASTEST_MODULE(logging_formatters, "_pytest.logging") {
    object formatter = m.cls("DatetimeFormatter", {logging("Formatter"_n)})
                           .def("formatTime", "self, record, datefmt=None", &format_time)
                           .doc("A formatter whose dates may have microseconds (`%f`).")
                           .make();
    m.cls("ColoredLevelFormatter", {formatter})
        .attr("LOGLEVEL_COLOROPTS", color_options())
        .attr("LEVELNAME_FMT_REGEX",
              py::call(py::lookup("re", "compile"_n), py::str(R"(%\(levelname\)([+-.]?\d*(?:\.\d+)?s))")))
        .def("__init__", "self, terminalwriter, *args, **kwargs", &initialise_colored)
        .def("add_color_level", "self, level, *color_opts", &add_color_level,
             "Show the name of a level with this markup of the terminal writer.")
        .def("format", "self, record", &format_colored)
        .doc("A formatter that colours the level's name.")
        .make();
    m.cls("PercentStyleMultiline", {logging("PercentStyle"_n)})
        .def("__init__", "self, fmt, auto_indent", &initialise_multiline)
        .staticmethod("_get_auto_indent", "auto_indent_option", [](py::Args a) -> object { return auto_indent(a[0]); })
        .def("format", "self, record", &format_multiline)
        .doc("A style that indents the further lines of a message.")
        .make();
}

}  // namespace fastest::builtin
