// `ExceptionInfoFormatter`: from an ExceptionInfo to its TerminalRepr, in all `--tb` styles.

#include <algorithm>
#include <set>

#include "engine/explain/excinfo.h"
#include "engine/explain/source.h"
#include "engine/explain/traceback.h"
#include "engine/py/short_cut.h"
#include "engine/py/system_path.h"

namespace fastest::explain {
namespace {

using namespace py;

constexpr std::string_view kAllHidden =
    "All traceback entries are hidden. Pass `--full-trace` to see hidden and internal frames.";
constexpr long long kRecursionEnds = 10;

/// Parsed files are kept on the session for its further failures. A failure's session is that of the node whose method
/// filters the traceback; without one they are kept for this formatter alone.
object session_files(handle tbfilter) {
    object owner = try_get(tbfilter, "__self__"_n);
    object session = owner.is_valid() ? try_get(owner, "session"_n) : object();
    if (!session.is_valid() || is_none(session)) return new_dict();
    object files = try_get(session, "_parsed_files"_n);
    if (files.is_valid() && PyDict_Check(files.ptr())) return files;
    files = new_dict();
    set(session, "_parsed_files"_n, files);
    return files;
}

object formatter_init(Args a) {
    static constexpr const char* names[] = {"showlocals", "style",           "abspath",       "tbfilter",
                                            "funcargs",   "truncate_locals", "truncate_args", "chain"};
    for (std::size_t i = 0; i < std::size(names); ++i) set(a[0], str(names[i]), a[i + 1]);
    set(a[0], "astcache"_n, new_dict());
    set(a[0], "_files"_n, session_files(a[4]));
    return none();
}

bool option(handle self, handle name) { return truth(get(self, name)); }

// --- source lines -----------------------------------------------------------------------------

ShortCut g_one_line_statement{
    "explain.one_line_statement",
    "The indentation under a failing line is that line's when no statement goes on in it, which the text tells: the "
    "function is not parsed up to there. Seen by subclasses and patches of Source and of compile."};

object formatter_getindent(Args a) {
    bool may = !believes_in_lookers() && finds_statements_natively(a[1]) && last_line_begins_statement(a[1]);
    object last;
    auto attempt = [&](auto&& produce) {
        try {
            last = to_str(produce());
            return true;
        } catch (nb::python_error& error) {
            if (error.matches(PyExc_KeyboardInterrupt)) throw;
            return false;
        }
    };
    auto statement = [&] { return call_method(a[1], "getstatement"_n, integer(length(a[1]) - 1)); };
    auto line = [&] { return item(a[1], integer(-1)); };
    bool found = (!g_one_line_statement.take(may) && attempt(statement)) || attempt(line);
    if (!found) return integer(0);
    return integer(4 + length(last) - length(call_method(last, "lstrip"_n)));
}

ShortCut g_native_source{
    "explain.native_source",
    "The source of a traceback entry is found natively and kept for the other entries of the file. Seen by "
    "subclasses of TracebackEntry, and by patches of its getsource and of Code.fullsource."};

/// Whether nobody replaced or overrode how entries find their source.
bool finds_source_natively(handle entry) {
    handle type = global<"code_traceback", "TracebackEntry">();
    if (!type_of(entry).is(type)) return false;
    object full = get(global<"code_frames", "Code">(), "fullsource"_n);
    return Py_TYPE(full.ptr()) == &PyProperty_Type && is_native_function(get(full, "fget"_n)) &&
           is_native_function(get(type, "getsource"_n));
}

object formatter_getentrysource(Args a) {
    if (g_native_source.take(finds_source_natively(a[1]))) {
        object source = remembered_source(a[1], get(a[0], "_files"_n));
        if (source.is_valid()) return call_method(source, "deindent"_n);
    }
    object source = call_method(a[1], "getsource"_n, get(a[0], "astcache"_n));
    return is_none(source) ? source : call_method(source, "deindent"_n);
}

object shortened(handle value) { return call(lookup("_pytest._io.saferepr", "saferepr"_n), value); }

object formatter_repr_args(Args a) {
    if (!option(a[0], "funcargs"_n)) return none();
    bool truncate = option(a[0], "truncate_args"_n);
    object shown = new_list();
    object pairs = call_method_kw(get(a[1], "frame"_n), "getargs"_n, {}, {{"var"_n, Py_True}});
    for (object pair : each(pairs)) {
        object parts = to_tuple(pair);
        object value = item(parts, integer(1));
        object text = truncate
                          ? shortened(value)
                          : call_kw(lookup("_pytest._io.saferepr", "saferepr"_n), {value}, {{"maxsize"_n, Py_None}});
        append(shown, tuple_of(item(parts, integer(0)), text));
    }
    return call(global<"code_reprs", "ReprFuncArgs">(), shown);
}

/// How many characters the first `offset` bytes of a line's UTF-8 are.
long long characters_before(handle line, long long offset) {
    object bytes = check(PyUnicode_AsUTF8String(line.ptr()));
    Py_ssize_t size = std::min<Py_ssize_t>(static_cast<Py_ssize_t>(offset), PyBytes_GET_SIZE(bytes.ptr()));
    return length(check(PyUnicode_DecodeUTF8(PyBytes_AS_STRING(bytes.ptr()), size, "replace")));
}

/// Arguments: self, line, raw_line, lineno, end_lineno, colno, end_colno.
object formatter_arrows(Args a) {
    object lines = new_list();
    if (!equal(a[3], a[4]) || is_none(a[5]) || is_none(a[6])) return lines;
    long long begin = characters_before(a[2], to_int(a[5]));
    long long width = characters_before(a[2], to_int(a[6])) - begin;
    if (width >= length(call_method(a[1], "strip"_n))) return lines;
    long long blanks = 4 + begin - (length(a[2]) - length(a[1])) + 1;
    append(lines, str(std::string(static_cast<std::size_t>(std::max(4LL, blanks)), ' ') +
                      std::string(static_cast<std::size_t>(std::max(0LL, width)), '^')));
    return lines;
}

void extend(handle list, handle more) {
    Py_ssize_t end = PyList_GET_SIZE(list.ptr());
    check(PyList_SetSlice(list.ptr(), end, end, to_list(more).ptr()));
}

/// Arguments: self, source, line_index, excinfo, short, end_line_index, colno, end_colno.
object formatter_get_source(Args a) {
    handle self = a[0];
    bool brief = truth(a[4]);
    object source = borrow(a[1]);
    long long index = to_int(a[2]);
    if (!is_none(source) && index < 0) index += length(source);
    if (is_none(source) || index < 0 || index >= length(get(source, "lines"_n))) {
        source = unknown_source();
        index = 0;
    }
    object all = to_list(get(source, "lines"_n));
    object raw_line = item(get(source, "raw_lines"_n), integer(index));
    object current = item(all, integer(index));
    if (brief) current = call_method(current, "strip"_n);
    object arrows = call_method_kw(self, "get_highlight_arrows_for_line"_n, {},
                                   {{"raw_line"_n, raw_line},
                                    {"line"_n, current},
                                    {"lineno"_n, integer(index)},
                                    {"end_lineno"_n, a[5]},
                                    {"colno"_n, a[6]},
                                    {"end_colno"_n, a[7]}});
    object lines = new_list();
    Py_ssize_t count = PyList_GET_SIZE(all.ptr());
    for (Py_ssize_t i = 0; i < count; ++i) {
        if (i == index) {
            append(lines, brief ? strcat("    ", current) : strcat(get(self, "flow_marker"_n), "   ", current));
            extend(lines, arrows);
        } else if (!brief) {
            append(lines, strcat("    ", handle(PyList_GET_ITEM(all.ptr(), i))));
        }
    }
    if (!is_none(a[3])) {
        object indent = brief ? integer(4) : call_method(self, "_getindent"_n, source);
        extend(lines, call_method_kw(self, "get_exconly"_n, {a[3]}, {{"indent"_n, indent}, {"markall"_n, Py_True}}));
    }
    return lines;
}

object formatter_get_exconly(Args a) {
    std::string blanks(static_cast<std::size_t>(std::max(0LL, to_int(a[2]))), ' ');
    std::string marked = text_of(get(a[0], "fail_marker"_n)) + (blanks.empty() ? blanks : blanks.substr(1));
    bool mark_all = truth(a[3]);
    object text = call_method_kw(a[1], "exconly"_n, {}, {{"tryshort"_n, Py_True}});
    object lines = new_list();
    bool first = true;
    for (object line : each(call_method(text, "split"_n, str("\n")))) {
        append(lines, strcat(first || mark_all ? marked : blanks, line));
        first = false;
    }
    return lines;
}

/// Names that begin with `@` come from assertion rewriting.
object formatter_repr_locals(Args a) {
    if (!option(a[0], "showlocals"_n)) return none();
    bool truncate = option(a[0], "truncate_locals"_n);
    object names = new_list();
    for (object name : each(a[1]))
        if (!equal(item(name, integer(0)), "@"_n)) append(names, name);
    check(PyList_Sort(names.ptr()));
    object lines = new_list();
    for (object name : each(names)) {
        if (equal(name, "__builtins__"_n)) {
            append(lines, str("__builtins__ = <builtins>"));
            continue;
        }
        object value = item(a[1], name);
        object shown = truncate ? shortened(value) : call(lookup("_pytest._io.saferepr", "safeformat"_n), value);
        append(lines, strcat(call_method(name, "ljust"_n, integer(10)), " = ", shown));
    }
    return call(global<"code_reprs", "ReprLocals">(), lines);
}

// --- entries ----------------------------------------------------------------------------------

object new_entry(handle lines, handle arguments, handle locals, handle place, handle style) {
    return call(global<"code_reprs", "ReprEntry">(), lines, arguments, locals, place, style);
}

object entry_with_source(handle self, handle entry, handle excinfo, handle style) {
    bool brief = equal(style, "short"_n);
    object source = call_method(self, "_getentrysource"_n, entry);
    object index = integer(0), end_index = none(), column = none(), end_column = none();
    if (is_none(source)) {
        source = unknown_source();
    } else {
        index = get(entry, "relline"_n);
        end_index = get(entry, "end_lineno_relative"_n);
        column = get(entry, "colno"_n);
        end_column = get(entry, "end_colno"_n);
    }
    object arguments = brief ? none() : call_method(self, "repr_args"_n, entry);
    object lines = call_method_kw(self, "get_source"_n, {},
                                  {{"source"_n, source},
                                   {"line_index"_n, index},
                                   {"excinfo"_n, excinfo},
                                   {"short"_n, boolean(brief)},
                                   {"end_line_index"_n, end_index},
                                   {"colno"_n, column},
                                   {"end_colno"_n, end_column}});
    object message = brief            ? strcat("in ", get(entry, "name"_n))
                     : truth(excinfo) ? get(excinfo, "typename"_n)
                                      : str("");
    object path = call_method(self, "_makepath"_n, get(entry, "path"_n));
    object line = integer(to_int(get(entry, "lineno"_n)) + 1);
    object place = call(global<"code_reprs", "ReprFileLocation">(), path, line, message);
    object locals = option(self, "showlocals"_n) ? get(entry, "locals"_n) : new_dict();
    return new_entry(to_list(lines), arguments, call_method(self, "repr_locals"_n, locals), place, style);
}

object formatter_repr_traceback_entry(Args a) {
    handle self = a[0], entry = a[1], excinfo = a[2];
    object style = is_none(entry) ? none() : get(entry, "_repr_style"_n);
    if (is_none(style)) style = get(self, "style"_n);
    if (!is_none(entry) && (equal(style, "short"_n) || equal(style, "long"_n)))
        return entry_with_source(self, entry, excinfo, style);
    object lines = new_list();
    if (truth(excinfo)) {
        if (equal(style, "value"_n))
            lines = call_method(to_str(get(excinfo, "value"_n)), "split"_n, str("\n"));
        else
            extend(lines, call_method_kw(self, "get_exconly"_n, {excinfo}, {{"indent"_n, integer(4)}}));
    }
    return new_entry(lines, Py_None, Py_None, Py_None, style);
}

object formatter_makepath(Args a) {
    object full = to_str(a[1]);
    if (option(a[0], "abspath"_n) || is_str(a[1])) return full;
    object relative;
    try {
        object here = call(get(system_path(), "cwd"_n));
        relative = call(lookup("_pytest.pathlib", "bestrelpath"_n), here, a[1]);
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_OSError)) throw;
        return full;
    }
    return length(relative) < length(full) ? relative : full;
}

// --- tracebacks -------------------------------------------------------------------------------

object new_traceback_repr(handle entries, handle extra, handle style) {
    return call_kw(global<"code_reprs", "ReprTraceback">(), {entries, extra}, {{"style"_n, style}});
}

object formatter_repr_traceback(Args a) {
    handle self = a[0], excinfo = a[1];
    object traceback = filtered_traceback(get(self, "tbfilter"_n), excinfo);
    object extra = none();
    object style = get(self, "style"_n);
    if (is_instance(get(excinfo, "value"_n), PyExc_RecursionError)) {
        object cut = to_tuple(call_method(self, "_truncate_recursive_traceback"_n, traceback));
        traceback = item(cut, integer(0));
        extra = item(cut, integer(1));
    }
    auto shown = [&](handle entry, handle info) { return call_method(self, "repr_traceback_entry"_n, entry, info); };
    if (!truth(traceback)) {
        if (is_none(extra) && !is_none(get(excinfo, "tb"_n))) extra = str(kAllHidden);
        return new_traceback_repr(list_of(shown(Py_None, excinfo)), extra, style);
    }
    object last = item(traceback, integer(-1));
    if (equal(style, "value"_n)) return new_traceback_repr(list_of(shown(last, excinfo)), Py_None, style);
    object entries = new_list();
    for (object entry : each(traceback)) append(entries, shown(entry, equal(last, entry) ? excinfo : Py_None));
    return new_traceback_repr(entries, extra, style);
}

object only_ends(handle traceback) {
    object head = check(PySlice_New(nullptr, integer(kRecursionEnds).ptr(), nullptr));
    object tail = check(PySlice_New(integer(-kRecursionEnds).ptr(), nullptr, nullptr));
    return check(PyNumber_Add(item(traceback, head).ptr(), item(traceback, tail).ptr()));
}

object formatter_truncate_recursive(Args a) {
    handle traceback = a[1];
    long long count = length(traceback);
    std::string counted = cat("Displaying first and last ", kRecursionEnds, " stack frames out of ", count, ".");
    object index;
    try {
        index = call_method(traceback, "recursionindex"_n);
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_Exception)) throw;
        std::string text =
            cat("!!! Recursion error detected, but an error occurred locating the origin of recursion.\n"
                "  The following exception happened when comparing locals in the stack frame:\n    ",
                get(handle(error.type()), "__name__"_n), ": ", error.value(), "\n  ", counted);
        return tuple_of(only_ends(traceback), str(text));
    }
    if (!is_none(index)) {
        object end = integer(to_int(index) + 1);
        return tuple_of(item(traceback, check(PySlice_New(nullptr, end.ptr(), nullptr))),
                        str("!!! Recursion detected (same locals & position)"));
    }
    if (get(a[0], "tbfilter"_n).ptr() == Py_False || count <= 2 * kRecursionEnds) return tuple_of(traceback, Py_None);
    std::string text = cat("!!! Recursion error detected, but the origin of the recursion could not be located.\n  ",
                           counted, "\n  Pass `--full-trace` to see all frames.");
    return tuple_of(only_ends(traceback), str(text));
}

// --- exceptions -------------------------------------------------------------------------------

/// Drops from a TracebackException the frames that `tbfilter` hides, also in members of groups and in chained ones.
void filter_native(handle shown, handle exception, handle tbfilter) {
    if (!is_none(get(exception, "__traceback__"_n))) {
        object kept = check(PySet_New(nullptr));
        for (object entry : each(filtered_traceback(tbfilter, excinfo_of(exception)))) {
            object path = to_str(get(get(get(entry, "frame"_n), "code"_n), "path"_n));
            object place = tuple_of(path, get(get(entry, "_rawentry"_n), "tb_lineno"_n));
            check(PySet_Add(kept.ptr(), place.ptr()));
        }
        object frames = new_list();
        for (object frame : each(get(shown, "stack"_n)))
            if (contains(kept, tuple_of(get(frame, "filename"_n), get(frame, "lineno"_n)))) append(frames, frame);
        set(shown, "stack"_n, call_method(lookup("traceback", "StackSummary"_n), "from_list"_n, frames));
    }
    if (is_exception_group(exception)) {
        object parts = get_or(shown, "exceptions"_n, Py_None);
        if (truth(parts)) {
            object members = to_list(get(exception, "exceptions"_n));
            Py_ssize_t i = 0;
            for (object part : each(parts)) filter_native(part, item(members, integer(i++)), tbfilter);
        }
    }
    for (handle name : {"__cause__"_n, "__context__"_n}) {
        object chained = get(shown, name), original = get(exception, name);
        if (!is_none(chained) && !is_none(original)) filter_native(chained, original, tbfilter);
    }
}

object py_filter_tracebackexception(Args a) {
    filter_native(a[0], a[1], a[2]);
    return none();
}

/// Groups are shown in Python's own format, with their members: the whole error that `excinfo` holds, also when the
/// group is further down in its chain.
object group_repr(handle self, handle excinfo) {
    object tbfilter = get(self, "tbfilter"_n);
    object extra = truth(filtered_traceback(tbfilter, excinfo)) ? none() : str(kAllHidden);
    object value = get(excinfo, "value"_n);
    object shown = call_method(lookup("traceback", "TracebackException"_n), "from_exception"_n, value);
    filter_native(shown, value, tbfilter);
    return call_kw(global<"code_reprs", "ReprTracebackNative">(), {to_list(call_method(shown, "format"_n))},
                   {{"extraline"_n, extra}});
}

/// An exception that was never raised has no traceback to format.
object bare_repr(handle exception) {
    object lines = call_kw(lookup("traceback", "format_exception"_n), {type_of(exception), exception, Py_None},
                           {{"chain"_n, Py_False}});
    return call(global<"code_reprs", "ReprTracebackNative">(), lines);
}

struct Link {
    object exception;  // null: the chain ends
    object description;
};

Link next_link(handle exception, bool chain) {
    if (!chain || is_exception_group(exception)) return {};
    if (object cause = get(exception, "__cause__"_n); !is_none(cause))
        return {cause, str("The above exception was the direct cause of the following exception:")};
    object context = get(exception, "__context__"_n);
    if (is_none(context) || truth(get(exception, "__suppress_context__"_n))) return {};
    return {context, str("During handling of the above exception, another exception occurred:")};
}

object formatter_repr_excinfo(Args a) {
    handle self = a[0], whole = a[1];
    object excinfo = borrow(whole);
    object exception = get(excinfo, "value"_n);
    object description = none();
    object links = new_list();
    std::set<PyObject*> seen;  // all are held by the chain itself
    bool chain = option(self, "chain"_n);
    while (exception.is_valid() && !is_none(exception) && seen.insert(exception.ptr()).second) {
        object shown, crash = none();
        if (!truth(excinfo)) {
            shown = bare_repr(exception);
        } else {
            shown = is_exception_group(exception) ? group_repr(self, whole)
                                                  : call_method(self, "repr_traceback"_n, excinfo);
            crash = call_method(excinfo, "_getreprcrash"_n);
        }
        append(links, tuple_of(shown, crash, description));
        Link next = next_link(exception, chain);
        if (!next.exception.is_valid()) break;
        exception = next.exception;
        description = next.description;
        excinfo = is_none(get(exception, "__traceback__"_n)) ? none() : excinfo_of(exception);
    }
    check(PyList_Reverse(links.ptr()));
    return call(global<"code_reprs", "ExceptionChainRepr">(), links);
}

}  // namespace

FASTEST_MODULE(code_formatter, "_pytest._code.code") {
    constexpr const char* options =
        "showlocals=False, style='long', abspath=True, tbfilter=True, funcargs=False, truncate_locals=True, "
        "truncate_args=True, chain=True";
    m.cls("ExceptionInfoFormatter")
        .doc("Makes TerminalReprs of exceptions; ExceptionInfo.getrepr() explains the options.")
        .attr("flow_marker", str(">"))
        .attr("fail_marker", str("E"))
        .dataclass(options)
        .def("__init__", cat("self, ", options), formatter_init)
        .def("_getindent", "self, source", formatter_getindent)
        .def("_getentrysource", "self, entry", formatter_getentrysource)
        .def("repr_args", "self, entry", formatter_repr_args)
        .def("get_source",
             "self, source, line_index=-1, excinfo=None, short=False, end_line_index=None, colno=None, end_colno=None",
             formatter_get_source, "Source lines with their markers.")
        .def("get_highlight_arrows_for_line", "self, line, raw_line, lineno, end_lineno, colno, end_colno",
             formatter_arrows, "A line of `^` under the expression that failed, in a list, or an empty list.")
        .def("get_exconly", "self, excinfo, indent=4, markall=False", formatter_get_exconly)
        .def("repr_locals", "self, locals", formatter_repr_locals)
        .def("repr_traceback_entry", "self, entry, excinfo=None", formatter_repr_traceback_entry)
        .def("_makepath", "self, path", formatter_makepath)
        .def("repr_traceback", "self, excinfo", formatter_repr_traceback)
        .def("_truncate_recursive_traceback", "self, traceback", formatter_truncate_recursive)
        .def("repr_excinfo", "self, excinfo", formatter_repr_excinfo)
        .make();
    m.def("_filter_tracebackexception", "tb_exc, e, tbfilter", py_filter_tracebackexception);
}

}  // namespace fastest::explain
