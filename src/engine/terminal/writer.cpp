// `TerminalWriter`: text to a file, with colours if it is a terminal.

#include <algorithm>

#include "engine/terminal/lines.h"
#include "engine/terminal/quiet_reporter.h"
#include "engine/terminal/width.h"

namespace fastest::terminal {
namespace {

using namespace py;

constexpr const char* kModule = "_pytest._io.terminalwriter";

object environment(handle name) { return call_method(lookup("os", "environ"_n), "get"_n, name); }

// --- width ------------------------------------------------------------------------------------

long long columns_from_environment() {
    object value = environment(str("COLUMNS"));
    if (is_none(value)) return 0;
    try {
        return to_int(call(type_object(PyLong_Type), value));
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_ValueError)) throw;
        return 0;
    }
}

long long columns_of_terminal() {
    try {
        object number = call_method(lookup("sys", "__stdout__"_n), "fileno"_n);
        return to_int(get(call(lookup("os", "get_terminal_size"_n), number), "columns"_n));
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_AttributeError) && !error.matches(PyExc_ValueError) && !error.matches(PyExc_OSError))
            throw;
        return 0;
    }
}

/// What shutil.get_terminal_size does; it is asked itself once somebody has imported (and perhaps patched) it.
long long columns() {
    if (object shutil = dict_get(lookup("sys", "modules"_n), "shutil"_n); shutil.is_valid()) {
        object size =
            call_method_kw(shutil, "get_terminal_size"_n, {}, {{"fallback"_n, tuple_of(integer(80), integer(24))}});
        return to_int(item(size, integer(0)));
    }
    long long width = columns_from_environment();
    if (width <= 0) width = columns_of_terminal();
    return width > 0 ? width : 80;
}

object py_get_terminal_width(Args) {
    long long width = columns();
    return integer(width < 40 ? 80 : width);
}

object py_should_do_markup(Args a) {
    object colors = environment(str("PY_COLORS"));
    if (equal(colors, str("1"))) return boolean(true);
    if (equal(colors, str("0"))) return boolean(false);
    if (truth(environment(str("NO_COLOR")))) return boolean(false);
    if (truth(environment(str("FORCE_COLOR")))) return boolean(true);
    object isatty = try_get(a[0], "isatty"_n);
    if (!isatty.is_valid()) return boolean(false);
    object answer = call(isatty);
    return truth(answer) ? boolean(!equal(environment(str("TERM")), str("dumb"))) : answer;
}

// --- the writer -------------------------------------------------------------------------------

object writer_init(Args a) {
    object file = is_none(a[1]) ? lookup("sys", "stdout"_n) : borrow(a[1]);
    set(a[0], "_file"_n, file);
    set(a[0], "hasmarkup"_n, call(lookup(kModule, "should_do_markup"_n), file));
    set(a[0], "_current_line"_n, str(""));
    set(a[0], "_terminal_width"_n, Py_None);
    set(a[0], "code_highlight"_n, Py_True);
    return none();
}

object writer_fullwidth(Args a) {
    object fixed = get(a[0], "_terminal_width"_n);
    return is_none(fixed) ? call(lookup(kModule, "get_terminal_width"_n)) : fixed;
}

object writer_set_fullwidth(Args a) {
    set(a[0], "_terminal_width"_n, a[1]);
    return none();
}

object writer_width_of_current_line(Args a) {
    return call(lookup(kModule, "wcswidth"_n), get(a[0], "_current_line"_n));
}

object writer_markup(Args a) {
    handle wanted = a[2];
    if (PyDict_GET_SIZE(wanted.ptr()) == 0) return borrow(a[1]);
    object codes = get(a[0], "_esctable"_n);
    for (object name : each(wanted))
        if (!contains(codes, name)) raise(PyExc_ValueError, cat("unknown markup: ", repr_of(name)));
    if (!truth(get(a[0], "hasmarkup"_n))) return borrow(a[1]);
    std::string escapes;
    for (object pair : each(call_method(wanted, "items"_n)))
        if (truth(handle(PyTuple_GET_ITEM(pair.ptr(), 1))))
            escapes += cat("\x1b[", item(codes, PyTuple_GET_ITEM(pair.ptr(), 0)), "m");
    return escapes.empty() ? borrow(a[1]) : strcat(escapes, a[1], "\x1b[0m");
}

object repeated(handle text, long long times) { return check(PySequence_Repeat(text.ptr(), std::max(0LL, times))); }

object writer_sep(Args a) {
    object wanted = is_none(a[3]) ? get(a[0], "fullwidth"_n) : borrow(a[3]);
    long long width = to_int(wanted);
#ifdef _WIN32
    width -= 1;  // a character in the last column would begin a new line
#endif
    long long unit = length(a[1]);
    if (!unit) raise(PyExc_ZeroDivisionError, "integer division or modulo by zero");
    object rule;
    if (is_none(a[2])) {
        rule = repeated(a[1], width / unit);
    } else {
        object fill = repeated(a[1], std::max(1LL, (width - length(a[2]) - 2) / (2 * unit)));
        rule = strcat(fill, " ", a[2], " ", fill);
    }
    object last = call_method(a[1], "rstrip"_n);
    if (length(rule) + length(last) <= width) rule = strcat(rule, last);
    return call_ex(get(a[0], "line"_n), tuple_of(rule), a[4]);
}

void note_current_line(handle self, handle message) {
    Py_ssize_t size = PyUnicode_GET_LENGTH(message.ptr());
    Py_ssize_t newline = PyUnicode_FindChar(message.ptr(), '\n', 0, size, -1);
    if (newline == -2) throw nb::python_error();
    if (newline >= 0) {
        set(self, "_current_line"_n, check(PyUnicode_Substring(message.ptr(), newline + 1, size)));
    } else {
        object before = get(self, "_current_line"_n);
        set(self, "_current_line"_n, check(PyUnicode_Concat(before.ptr(), message.ptr())));
    }
}

object writer_write(Args a) {
    handle self = a[0], message = a[1];
    if (!truth(message)) return none();
    if (!is_str(message)) return call_method(message, "rsplit"_n, str("\n"), integer(1));
    note_current_line(self, message);
    object shown =
        PyDict_GET_SIZE(a[3].ptr()) ? call_ex(get(self, "markup"_n), tuple_of(message), a[3]) : borrow(message);
    call_method_kw(self, "write_raw"_n, {shown}, {{"flush"_n, a[2]}});
    return none();
}

/// A file that cannot encode the text gets it as escapes.
object writer_write_raw(Args a) {
    object file = get(a[0], "_file"_n);
    try {
        call_method(file, "write"_n, a[1]);
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_UnicodeEncodeError)) throw;
        Handling handling(error);
        object escaped = call_method(a[1], "encode"_n, str("unicode-escape"));
        call_method(get(a[0], "_file"_n), "write"_n, call_method(escaped, "decode"_n, str("ascii")));
    }
    if (truth(a[2])) call_method(a[0], "flush"_n);
    return none();
}

object writer_line(Args a) {
    call_ex(get(a[0], "write"_n), tuple_of(a[1]), a[2]);
    call_method(a[0], "write"_n, str("\n"));
    return none();
}

object writer_flush(Args a) {
    call_method(get(a[0], "_file"_n), "flush"_n);
    return none();
}

// --- highlighting -----------------------------------------------------------------------------

object writer_write_source(Args a) {
    object lines = to_list(a[1]), indents = to_list(a[2]);
    Py_ssize_t marked = length(indents);
    if (marked && marked != length(lines))
        raise(PyExc_ValueError,
              cat("indents size (", marked, ") should have same size as lines (", length(lines), ")"));
    object source = call_method(a[0], "_highlight"_n, call_method(str("\n"), "join"_n, lines));
    object shown = to_list(call_method(source, "splitlines"_n));
    Py_ssize_t count = std::min(length(shown), length(lines));
    for (Py_ssize_t i = 0; i < count; ++i) {
        handle line = PyList_GET_ITEM(shown.ptr(), i);
        call_method(a[0], "line"_n, marked ? strcat(handle(PyList_GET_ITEM(indents.ptr(), i)), line) : borrow(line));
    }
    return none();
}

object writer_get_pygments_lexer(Args a) {
    if (equal(a[1], str("python"))) return call(lookup("pygments.lexers.python", "PythonLexer"_n));
    if (equal(a[1], str("diff"))) return call(lookup("pygments.lexers.diff", "DiffLexer"_n));
    return call(lookup("typing", "assert_never"_n), a[1]);
}

object writer_get_pygments_formatter(Args) {
    object theme = environment(str("PYTEST_THEME"));
    object mode = environment(str("PYTEST_THEME_MODE"));
    if (is_none(mode)) mode = str("dark");
    std::string problem;
    try {
        return call_kw(lookup("pygments.formatters.terminal", "TerminalFormatter"_n), {},
                       {{"bg"_n, mode}, {"style"_n, theme}});
    } catch (nb::python_error& error) {
        if (error.matches(lookup("pygments.util", "ClassNotFound"_n)))
            problem = cat("PYTEST_THEME environment variable has an invalid value: '", theme,
                          "'. Hint: See available pygments styles with `pygmentize -L styles`.");
        else if (error.matches(lookup("pygments.util", "OptionError"_n)))
            problem = cat("PYTEST_THEME_MODE environment variable has an invalid value: '", mode,
                          "'. The allowed values are 'dark' (default) and 'light'.");
        else
            throw;
        Handling handling(error);
        raise_from(call(lookup("_pytest.config.exceptions", "UsageError"_n), str(problem)), error.value());
    }
}

object writer_highlight(Args a) {
    handle self = a[0], source = a[1];
    if (!truth(source) || !truth(get(self, "hasmarkup"_n)) || !truth(get(self, "code_highlight"_n)))
        return borrow(source);
    object lexer = call_method(self, "_get_pygments_lexer"_n, a[2]);
    object formatter = call_method(self, "_get_pygments_formatter"_n);
    std::string shown = text(call(lookup("pygments", "highlight"_n), source, lexer, formatter));
    if (shown.ends_with('\n') && !text(source).ends_with('\n')) shown.pop_back();
    return str("\x1b[0m" + shown);
}

object escape_table() {
    object table = new_dict();
    static constexpr const char* colors[] = {"black", "red", "green", "yellow", "blue", "purple", "cyan", "white"};
    for (int background = 0; background < 2; ++background) {
        int code = background ? 40 : 30;
        for (const char* color : colors) {
            std::string name = color;
            if (background) name[0] = static_cast<char>(name[0] - 'a' + 'A');
            dict_set(table, str(name), integer(code++));
        }
    }
    for (auto [name, code] : {std::pair{"bold", 1}, {"light", 2}, {"blink", 5}, {"invert", 7}})
        dict_set(table, str(name), integer(code));
    return table;
}

}  // namespace

long long terminal_width() { return to_int(call(lookup(kModule, "get_terminal_width"_n))); }

FASTEST_MODULE(io_terminalwriter, "_pytest._io.terminalwriter") {
    m.def("get_terminal_width", "", py_get_terminal_width);
    m.def("should_do_markup", "file", py_should_do_markup);
    object writer = m.cls("TerminalWriter")
                        .attr("_esctable", escape_table())
                        .attr("__final__", Py_True)
                        .def("__init__", "self, file=None", writer_init)
                        .prop("fullwidth", writer_fullwidth, writer_set_fullwidth)
                        .prop("width_of_current_line", writer_width_of_current_line, nullptr,
                              "An estimate of the columns that the current line takes so far.")
                        .def("markup", "self, text, **markup", writer_markup)
                        .def("sep", "self, sepchar, title=None, fullwidth=None, **markup", writer_sep)
                        .def("write", "self, msg, *, flush=False, **markup", writer_write)
                        .def("write_raw", "self, msg, *, flush=False", writer_write_raw)
                        .def("line", "self, s='', **markup", writer_line)
                        .def("flush", "self", writer_flush)
                        .def("_write_source", "self, lines, indents=()", writer_write_source,
                             "Writes lines of source, highlighted if wanted, each after its indent, which is not.")
                        .def("_get_pygments_lexer", "self, lexer", writer_get_pygments_lexer)
                        .def("_get_pygments_formatter", "self", writer_get_pygments_formatter)
                        .def("_highlight", "self, source, lexer='python'", writer_highlight,
                             "The source with colours, if the writer has markup.")
                        .make();
    remember_writer_methods(writer);
    remember_quiet_writer(m.get("TerminalWriter"));
}

}  // namespace fastest::terminal
