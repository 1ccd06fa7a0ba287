#include "engine/explain/source.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "base/logical_lines.h"
#include "engine/py/frame.h"
#include "engine/py/own_method.h"

namespace fastest::explain {
namespace {

using namespace py;

OwnMethods<5> g_own_methods;  // what finds and shows a statement

handle source_type() { return global<"code_source", "Source">(); }

bool is_source(handle value) { return is_instance(value, source_type()); }

object without_line_ends(handle lines) {
    object stripped = new_list();
    object newline = str("\n");
    for (object line : each(lines)) append(stripped, call_method(line, "rstrip"_n, newline));
    return stripped;
}

std::string_view leading_blanks(std::string_view line) {
    std::size_t end = line.find_first_not_of(" \t");
    return line.substr(0, end == std::string_view::npos ? line.size() : end);
}

std::vector<std::string_view> split_lines(std::string_view text) {
    std::vector<std::string_view> lines;
    for (std::size_t begin = 0;;) {
        std::size_t end = text.find('\n', begin);
        if (end == std::string_view::npos) {
            lines.push_back(text.substr(begin));
            return lines;
        }
        lines.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
}

/// `textwrap.dedent`: lines of blanks only become empty and don't count for the margin.
std::string dedent(std::string_view text) {
    std::vector<std::string_view> lines = split_lines(text);
    bool seen = false;
    std::string_view margin;
    for (std::string_view& line : lines) {
        std::string_view indent = leading_blanks(line);
        if (indent.size() == line.size()) {
            line = {};
            continue;
        }
        if (!seen) {
            margin = indent;
            seen = true;
            continue;
        }
        std::size_t common = 0;
        while (common < margin.size() && common < indent.size() && margin[common] == indent[common]) ++common;
        margin = margin.substr(0, common);
    }
    std::string out;
    out.reserve(text.size());
    bool first = true;
    for (std::string_view line : lines) {
        if (!first) out.push_back('\n');
        first = false;
        out.append(line.empty() ? line : line.substr(margin.size()));
    }
    return out;
}

void set_lines(handle source, handle lines, handle raw_lines) {
    set(source, "lines"_n, lines);
    set(source, "raw_lines"_n, raw_lines);
}

/// The text of a function, class, module or code object.
object source_text(handle value) {
    object code;
    try {
        code = raw_code(value);
        return call(lookup("inspect", "getsource"_n), code);
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_TypeError)) throw;
    }
    return call(lookup("inspect", "getsource"_n), value);
}

object source_init(Args a) {
    handle self = a[0], value = a[1];
    if (!truth(value)) {
        set_lines(self, new_list(), new_list());
    } else if (is_source(value)) {
        set_lines(self, get(value, "lines"_n), get(value, "raw_lines"_n));
    } else if (PyTuple_Check(value.ptr()) || PyList_Check(value.ptr())) {
        object lines = without_line_ends(value);
        set_lines(self, deindented(lines), lines);
    } else {
        object text = is_str(value) ? borrow(value) : source_text(value);
        object lines = call_method(text, "split"_n, str("\n"));
        set_lines(self, deindented(lines), lines);
    }
    return none();
}

object source_eq(Args a) {
    if (!is_source(a[1])) return borrow(Py_NotImplemented);
    return boolean(equal(get(a[0], "lines"_n), get(a[1], "lines"_n)));
}

object source_getitem(Args a) {
    object lines = get(a[0], "lines"_n);
    if (!PySlice_Check(a[1].ptr())) return item(lines, a[1]);
    object step = get(a[1], "step"_n);
    if (!is_none(step) && !equal(step, integer(1))) raise(PyExc_IndexError, "cannot slice a Source with a step");
    return make_source(item(lines, a[1]), item(get(a[0], "raw_lines"_n), a[1]));
}

object source_iter(Args a) { return check(PyObject_GetIter(get(a[0], "lines"_n).ptr())); }

object source_len(Args a) { return integer(length(get(a[0], "lines"_n))); }

bool is_blank(handle line) { return !truth(call_method(line, "strip"_n)); }

object source_strip(Args a) {
    object lines = to_list(get(a[0], "lines"_n));
    Py_ssize_t start = 0, end = PyList_GET_SIZE(lines.ptr());
    while (start < end && is_blank(PyList_GET_ITEM(lines.ptr(), start))) ++start;
    while (end > start && is_blank(PyList_GET_ITEM(lines.ptr(), end - 1))) --end;
    return make_source(check(PyList_GetSlice(lines.ptr(), start, end)), get(a[0], "raw_lines"_n));
}

object source_indent(Args a) {
    object lines = new_list();
    for (object line : each(get(a[0], "lines"_n))) append(lines, check(PyNumber_Add(a[1].ptr(), line.ptr())));
    return make_source(lines, get(a[0], "raw_lines"_n));
}

object source_getstatementrange(Args a) {
    long long line = to_int(a[1]);
    if (line < 0 || line >= length(a[0])) raise(PyExc_IndexError, "lineno out of range");
    StatementRange range = statement_range(line, a[0], {});
    return tuple_of(integer(range.start), integer(range.end));
}

object source_getstatement(Args a) {
    object range = to_tuple(call_method(a[0], "getstatementrange"_n, a[1]));
    object slice = check(PySlice_New(item(range, integer(0)).ptr(), item(range, integer(1)).ptr(), nullptr));
    return item(a[0], slice);
}

object source_deindent(Args a) { return make_source(deindented(get(a[0], "lines"_n)), get(a[0], "raw_lines"_n)); }

object source_str(Args a) { return call_method(str("\n"), "join"_n, get(a[0], "lines"_n)); }

// --- finding ----------------------------------------------------------------------------------

/// Whether `inspect.findsource` is the standard one, so that a code object's file can be read without importing inspect.
bool inspect_untouched() {
    object modules = get(import_module("sys"), "modules"_n);
    object inspect = dict_get(modules, "inspect"_n);
    if (!inspect.is_valid()) return true;
    object function = try_get(inspect, "findsource"_n);
    if (!function.is_valid() || !PyFunction_Check(function.ptr())) return false;
    object globals = borrow(PyFunction_GetGlobals(function.ptr()));
    return globals.is(get(inspect, "__dict__"_n)) && equal(get(function, "__name__"_n), "findsource"_n);
}

object stripped_right(handle lines) {
    object stripped = new_list();
    for (object line : each(lines)) append(stripped, call_method(line, "rstrip"_n));
    return stripped;
}

object code_of(handle value) {
    if (PyCode_Check(value.ptr())) return borrow(value);
    return try_get(value, "__code__"_n);
}

/// linecache searches sys.path for relative names, which inspect does not.
FoundSource find_on_path(handle value) {
    object code = code_of(value);
    if (!code.is_valid() || is_none(code)) return {none(), -1};
    object lines = call(lookup("linecache", "getlines"_n), get(code, "co_filename"_n));
    if (length(lines) == 0) return {none(), -1};
    return {file_source(lines), to_int(get(code, "co_firstlineno"_n)) - 1};
}

object py_findsource(Args a) {
    FoundSource found = find_source(a[0]);
    return tuple_of(found.source, integer(found.line));
}

object py_getrawcode(Args a) { return raw_code(a[0], truth(a[1])); }

object py_deindent(Args a) { return deindented(a[0]); }

// --- statements -------------------------------------------------------------------------------

struct SyntaxTypes {
    PyTypeObject *statement, *handler, *match_case;
    SyntaxTypes() {
        auto type = [](const char* name) {
            return reinterpret_cast<PyTypeObject*>(get(import_module("_ast"), str(name)).release().ptr());
        };
        statement = type("stmt");
        handler = type("ExceptHandler");
        match_case = type("match_case");
    }
};

const SyntaxTypes& syntax_types() {
    static const SyntaxTypes types;  // builtin types, alive as long as the process
    return types;
}

long long line_of(handle node) { return to_int(get(node, "lineno"_n)) - 1; }

void add_node_lines(handle node, std::vector<long long>& lines) {
    if (object decorators = try_get(node, "decorator_list"_n); decorators.is_valid())
        for (object decorator : each(decorators)) lines.push_back(line_of(decorator));
    lines.push_back(line_of(node));
    // `else:` and `finally:` lines belong to the block that they open.
    for (handle name : {"finalbody"_n, "orelse"_n}) {
        object block = try_get(node, name);
        if (block.is_valid() && truth(block)) lines.push_back(line_of(item(block, integer(0))) - 1);
    }
}

/// Statements are only ever in these fields, so expressions need no visit.
void collect_lines(handle node, std::vector<long long>& lines) {
    const SyntaxTypes& types = syntax_types();
    bool counts = PyObject_TypeCheck(node.ptr(), types.statement) || PyObject_TypeCheck(node.ptr(), types.handler);
    if (counts) add_node_lines(node, lines);
    for (handle name : {"body"_n, "handlers"_n, "orelse"_n, "finalbody"_n, "cases"_n}) {
        object block = try_get(node, name);
        if (!block.is_valid() || !PyList_Check(block.ptr())) continue;
        for (object child : each(block)) collect_lines(child, lines);
    }
}

/// Sorted first lines of all statements; remembered on the tree, which lives as long as its user's cache.
object statement_lines(handle tree) {
    object known = try_get(tree, "_pytest_statement_linenos"_n);
    if (known.is_valid() && !is_none(known)) return known;
    std::vector<long long> lines;
    collect_lines(tree, lines);
    std::sort(lines.begin(), lines.end());
    object result = new_list();
    for (long long line : lines) append(result, integer(line));
    set(tree, "_pytest_statement_linenos"_n, result);
    return result;
}

/// Start of the last statement that begins at or before the line, and start of the next one (-1: there is none).
std::pair<long long, long long> statement_bounds(long long line, handle starts) {
    object lines = to_tuple(starts);
    Py_ssize_t low = 0, high = PyTuple_GET_SIZE(lines.ptr());
    Py_ssize_t count = high;
    while (low < high) {
        Py_ssize_t middle = (low + high) / 2;
        if (line < to_int(PyTuple_GET_ITEM(lines.ptr(), middle)))
            high = middle;
        else
            low = middle + 1;
    }
    if (low == 0) return {0, -1};
    long long start = to_int(PyTuple_GET_ITEM(lines.ptr(), low - 1));
    return {start, low < count ? to_int(PyTuple_GET_ITEM(lines.ptr(), low)) : -1};
}

object parse(handle source) {
    object guard = call(lookup("warnings", "catch_warnings"_n));
    call_method(guard, "__enter__"_n);
    auto leave = [&] { call_method(guard, "__exit__"_n, none(), none(), none()); };
    try {
        call(lookup("warnings", "simplefilter"_n), str("ignore"));
        constexpr int only_ast = 0x400;
        object tree = call_kw(lookup("builtins", "compile"_n),
                              {to_str(source), str("source"), str("exec"), integer(only_ast)},
                              {{"dont_inherit"_n, Py_True}});
        leave();
        return tree;
    } catch (nb::python_error&) {
        leave();
        throw;
    }
}

/// Cuts the range where `inspect` sees the block that begins in its first line end.
long long block_end(handle lines, long long start, long long end) {
    object finder = call(lookup("inspect", "BlockFinder"_n));
    object first = item(lines, integer(start));
    bool indented = truth(first) && truth(call_method(item(first, integer(0)), "isspace"_n));
    set(finder, "started"_n, boolean(indented));
    object ended = new_list();
    for (long long i = start; i < std::min<long long>(end, length(lines)); ++i)
        append(ended, strcat(item(lines, integer(i)), "\n"));
    object next_line = get(check(PyObject_GetIter(ended.ptr())), "__next__"_n);
    try {
        for (object token : each(call(lookup("tokenize", "generate_tokens"_n), next_line)))
            call_ex(get(finder, "tokeneater"_n), to_tuple(token));
    } catch (nb::python_error& error) {
        if (error.matches(lookup("inspect", "EndOfBlock"_n)) || error.matches(PyExc_IndentationError))
            return to_int(get(finder, "last"_n)) + start;
        if (!error.matches(PyExc_Exception)) throw;
    }
    return end;
}

bool is_comment_or_blank(handle line) {
    object rest = call_method(line, "lstrip"_n);
    return length(rest) == 0 || PyUnicode_ReadChar(rest.ptr(), 0) == '#';
}

/// Whether a line of these is neither blank nor a comment: what the block finder makes of others is cut off again.
bool has_code(handle lines, long long start, long long end) {
    for (long long i = start; i < end; ++i)
        if (!is_comment_or_blank(item(lines, integer(i)))) return true;
    return false;
}

object py_statement_linenos(Args a) { return statement_lines(a[0]); }

object py_get_statement_startend2(Args a) {
    auto [start, end] = statement_bounds(to_int(a[0]), statement_lines(a[1]));
    return tuple_of(integer(start), end < 0 ? none() : integer(end));
}

object py_getstatementrange_ast(Args a) {
    StatementRange range = statement_range(to_int(a[0]), a[1], is_none(a[3]) ? handle() : a[3]);
    return tuple_of(range.tree, integer(range.start), integer(range.end));
}

}  // namespace

py::object make_source(handle lines, handle raw_lines) {
    object source = check(PyBaseObject_Type.tp_new(reinterpret_cast<PyTypeObject*>(source_type().ptr()),
                                                   check(PyTuple_New(0)).ptr(), nullptr));
    set_lines(source, lines, raw_lines);
    return source;
}

py::object plain_file_lines(handle code) {
    object name = get(code, "co_filename"_n);
    std::string path = text(name);
    if (path.empty() || path[0] != '/' || !path.ends_with(".py") || !inspect_untouched()) return {};
    if (is_entry_code(code)) return {};
    call(lookup("linecache", "checkcache"_n), name);
    object lines = call(lookup("linecache", "getlines"_n), name);
    if (length(lines) < to_int(get(code, "co_firstlineno"_n))) return {};
    return lines;
}

py::object file_source(handle lines) { return make_source(stripped_right(lines), lines); }

py::object unknown_source() { return make_source(list_of(str("???")), list_of(str("???"))); }

FoundSource find_source(handle value) {
    if (PyCode_Check(value.ptr()) && is_entry_code(value)) return {none(), -1};
    if (PyCode_Check(value.ptr()))
        if (object lines = plain_file_lines(value); lines.is_valid())
            return {file_source(lines), to_int(get(value, "co_firstlineno"_n)) - 1};
    object found;
    try {
        found = to_tuple(call(lookup("inspect", "findsource"_n), value));
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_Exception)) throw;
        Handling handling(error);
        return find_on_path(value);
    }
    object lines = item(found, integer(0));
    return {file_source(lines), to_int(item(found, integer(1)))};
}

py::object raw_code(handle value, bool try_call) {
    if (object code = try_get(value, "__code__"_n); code.is_valid()) return code;
    if (try_call && !PyType_Check(value.ptr())) {
        object caller = try_get(value, "__call__"_n);
        if (caller.is_valid() && truth(caller)) return raw_code(caller, false);
    }
    raise(PyExc_TypeError, cat("could not get code object for ", repr_of(value)));
}

StatementRange statement_range(long long line, handle source, handle tree) {
    StatementRange range;
    range.tree = tree.is_valid() ? borrow(tree) : parse(source);
    object starts = statement_lines(range.tree);
    range.start = statement_bounds(line, starts).first;
    range.end = statement_end(line, source, starts);
    return range;
}

py::object statement_starts(handle source) { return to_tuple(statement_lines(parse(source))); }

long long statement_end(long long line, handle source, handle starts) {
    auto [start, next] = statement_bounds(line, starts);
    object lines = get(source, "lines"_n);
    long long count = length(lines);
    long long end = next < 0 ? count : next;
    end = std::min(end, count);
    if (end > start + 1) end = has_code(lines, start + 1, end) ? block_end(lines, start, end) : start + 1;
    end = std::min(end, count);
    while (end > 0 && is_comment_or_blank(item(lines, integer(end - 1)))) --end;
    return end;
}

bool last_line_begins_statement(handle source) {
    object lines = get(source, "lines"_n);
    if (!PyList_CheckExact(lines.ptr())) return false;
    base::LogicalLines logical(version::kNestsQuotes);
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(lines.ptr()); ++i) {
        PyObject* line = PyList_GET_ITEM(lines.ptr(), i);
        Py_ssize_t size = 0;
        const char* text = PyUnicode_CheckExact(line) ? PyUnicode_AsUTF8AndSize(line, &size) : nullptr;
        if (!text) {
            PyErr_Clear();  // of lone surrogates
            return false;
        }
        if (!logical.take({text, static_cast<std::size_t>(size)})) return false;
    }
    return logical.begins();
}

bool finds_statements_natively(handle source) {
    return type_of(source).is(source_type()) && g_own_methods.found_on(source) &&
           PyCFunction_Check(lookup("builtins", "compile"_n).ptr());
}

py::object deindented(handle lines) {
    object joined = call_method(str("\n"), "join"_n, lines);
    return call_method(str(dedent(text(joined))), "splitlines"_n);
}

FASTEST_MODULE(code_source, "_pytest._code.source") {
    object source = m.cls("Source")
        .doc("A piece of source code that does not change. Lines given to it lose their common indentation.")
        .def("__init__", "self, obj=None", source_init)
        .def("__eq__", "self, other", source_eq)
        .attr("__hash__", Py_None)
        .def("__getitem__", "self, key", source_getitem)
        .def("__iter__", "self", source_iter)
        .def("__len__", "self", source_len)
        .def("strip", "self", source_strip, "A new Source without blank lines at its ends.")
        .def("indent", "self, indent='    '", source_indent, "A new Source with `indent` before each line.")
        .def("getstatement", "self, lineno", source_getstatement, "The statement that has this line, counted from 0.")
        .def("getstatementrange", "self, lineno", source_getstatementrange,
             "(start, end) of the smallest statement that has this line.")
        .def("deindent", "self", source_deindent, "A new Source without common indentation.")
        .def("__str__", "self", source_str)
        .make();
    g_own_methods.remember(source, {"getstatement", "getstatementrange", "__getitem__", "__len__", "__str__"});
    m.def("findsource", "obj", py_findsource);
    m.def("getrawcode", "obj, trycall=True", py_getrawcode, "The code object of a function.");
    m.def("deindent", "lines", py_deindent);
    m.def("_statement_linenos", "node", py_statement_linenos);
    m.def("get_statement_startend2", "lineno, node", py_get_statement_startend2);
    m.def("getstatementrange_ast", "lineno, source, assertion=False, astnode=None", py_getstatementrange_ast);
}

}  // namespace fastest::explain
