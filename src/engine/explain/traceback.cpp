// `TracebackEntry` and `Traceback`.

#include "engine/explain/traceback.h"

#include "engine/explain/source.h"

namespace fastest::explain {
namespace {

using namespace py;

handle entry_type() { return global<"code_traceback", "TracebackEntry">(); }
handle traceback_type() { return global<"code_traceback", "Traceback">(); }

object raw_of(handle entry) { return get(entry, "_rawentry"_n); }

object raw_code_of(handle entry) { return get(get(raw_of(entry), "tb_frame"_n), "f_code"_n); }

object entry_init(Args a) {
    set(a[0], "_rawentry"_n, a[1]);
    set(a[0], "_repr_style"_n, a[2]);
    return none();
}

object entry_with_repr_style(Args a) { return call(entry_type(), raw_of(a[0]), a[1]); }

object entry_lineno(Args a) { return integer(to_int(get(raw_of(a[0]), "tb_lineno"_n)) - 1); }

object entry_framesummary(Args a) {
    object stack = call_kw(lookup("traceback", "extract_tb"_n), {raw_of(a[0])}, {{"limit"_n, integer(1)}});
    return item(stack, integer(0));
}

version::Location location_of(handle entry) {
    object code = raw_code_of(entry);
    long long instruction = to_int(get(raw_of(entry), "tb_lasti"_n));
    if (instruction < 0 || !PyCode_Check(code.ptr())) return {};
    return version::locate(code, static_cast<int>(instruction));
}

object number_or_none(int value) { return value < 0 ? none() : integer(value); }

object entry_end_lineno_relative(Args a) {
    version::Location place = location_of(a[0]);
    if (place.end_line < 0) return none();
    return integer(place.end_line - 1 - to_int(get(get(get(a[0], "frame"_n), "code"_n), "firstlineno"_n)));
}

object entry_colno(Args a) { return number_or_none(location_of(a[0]).column); }

object entry_end_colno(Args a) { return number_or_none(location_of(a[0]).end_column); }

object entry_frame(Args a) { return call(global<"code_frames", "Frame">(), get(raw_of(a[0]), "tb_frame"_n)); }

object entry_relline(Args a) {
    long long first = to_int(get(get(get(a[0], "frame"_n), "code"_n), "firstlineno"_n));
    return integer(to_int(get(a[0], "lineno"_n)) - first);
}

object entry_repr(Args a) {
    return strcat("<TracebackEntry ", get(get(get(a[0], "frame"_n), "code"_n), "path"_n), ":",
                  to_int(get(a[0], "lineno"_n)) + 1, ">");
}

object entry_statement(Args a) {
    object source = get(get(get(a[0], "frame"_n), "code"_n), "fullsource"_n);
    if (is_none(source)) raise_exception(call(handle(PyExc_AssertionError)));
    return call_method(source, "getstatement"_n, get(a[0], "lineno"_n));
}

object entry_path(Args a) { return get(get(get(a[0], "frame"_n), "code"_n), "path"_n); }

object entry_locals(Args a) { return get(get(a[0], "frame"_n), "f_locals"_n); }

object entry_getfirstlinesource(Args a) { return get(get(get(a[0], "frame"_n), "code"_n), "firstlineno"_n); }

/// The source from the function's first line to the end of the statement. `cache` is a dict of trees by path, or null.
object entry_source(handle entry, handle cache) {
    object code = get(get(entry, "frame"_n), "code"_n);
    object source = get(code, "fullsource"_n);
    if (is_none(source)) return none();
    object key = cache.is_valid() ? get(code, "path"_n) : none();
    object tree;
    if (!is_none(key)) tree = dict_get(cache, key);
    long long start = to_int(call_method(entry, "getfirstlinesource"_n));
    long long line = to_int(get(entry, "lineno"_n));
    long long end = line + 1;
    try {
        StatementRange range = statement_range(line, source, tree);
        end = range.end;
        if (!is_none(key)) dict_set(cache, key, range.tree);
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_SyntaxError)) throw;
    }
    return item(source, check(PySlice_New(integer(start).ptr(), integer(end).ptr(), nullptr)));
}

object entry_getsource(Args a) { return entry_source(a[0], is_none(a[1]) ? handle() : a[1]); }

object entry_source_property(Args a) { return call_method(a[0], "getsource"_n); }

bool names_contain(handle code, handle names, handle wanted) {
    object tuple = get(code, names);
    return contains(tuple, wanted);
}

/// Whether a frame of this code can have such a local. Functions know their locals; asking them makes no dict.
bool may_have_local(handle code, handle name) {
    if (!PyCode_Check(code.ptr()) || !(to_int(get(code, "co_flags"_n)) & CO_OPTIMIZED)) return true;
    return names_contain(code, "co_varnames"_n, name) || names_contain(code, "co_cellvars"_n, name) ||
           names_contain(code, "co_freevars"_n, name);
}

object hide_flag_in(handle frame, handle mapping_name) {
    try {
        return call_method(get(frame, mapping_name), "get"_n, "__tracebackhide__"_n, Py_False);
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_Exception)) throw;
        return boolean(false);
    }
}

object entry_ishidden(Args a) {
    object frame = get(a[0], "frame"_n);
    object flag = boolean(false);
    if (may_have_local(raw_code_of(a[0]), "__tracebackhide__"_n)) flag = hide_flag_in(frame, "f_locals"_n);
    if (!truth(flag)) flag = hide_flag_in(frame, "f_globals"_n);
    if (truth(flag) && PyCallable_Check(flag.ptr())) return call(flag, a[1]);
    return flag;
}

object entry_str(Args a) {
    object name = get(get(get(a[0], "frame"_n), "code"_n), "name"_n);
    std::string line;
    try {
        line = text(call_method(to_str(get(a[0], "statement"_n)), "lstrip"_n));
    } catch (nb::python_error& error) {
        if (error.matches(PyExc_KeyboardInterrupt)) throw;
        line = "???";
    }
    return strcat("  File ", repr_of(to_str(get(a[0], "path"_n))), ":", to_int(get(a[0], "lineno"_n)) + 1, " in ", name, "\n  ", line,
                  "\n");
}

object entry_name(Args a) { return get(get(get(a[0], "frame"_n), "code"_n), "name"_n); }

// --- Traceback --------------------------------------------------------------------------------

object entries_of(handle tb) {
    object entries = new_list();
    for (object current = borrow(tb); !is_none(current); current = get(current, "tb_next"_n))
        append(entries, call(entry_type(), current));
    return entries;
}

/// None is the traceback of what the engine raised with no Python frame below it.
object traceback_init(Args a) {
    bool raw = PyTraceBack_Check(a[1].ptr()) || is_none(a[1]);
    object entries = raw ? entries_of(a[1]) : to_list(a[1]);
    check(PyList_SetSlice(a[0].ptr(), 0, PyList_GET_SIZE(a[0].ptr()), entries.ptr()));
    return none();
}

bool lies_under(handle path, handle folder) {
    for (object parent : each(get(path, "parents"_n)))
        if (equal(to_str(parent), folder)) return true;
    return false;
}

object traceback_cut(Args a) {
    handle line = a[2], first_line = a[3];
    object wanted = is_none(a[1]) ? none() : check(PyOS_FSPath(a[1].ptr()));
    object excluded = is_none(a[4]) ? none() : check(PyOS_FSPath(a[4].ptr()));
    for (object entry : each(a[0])) {
        object code = get(get(entry, "frame"_n), "code"_n);
        object path = get(code, "path"_n);
        if (!is_none(wanted) && !equal(to_str(path), wanted)) continue;
        if (!is_none(excluded) && !is_str(path) && lies_under(path, excluded)) continue;
        if (!is_none(line) && !equal(get(entry, "lineno"_n), line)) continue;
        if (!is_none(first_line) && !equal(get(code, "firstlineno"_n), first_line)) continue;
        return make_traceback(raw_of(entry));
    }
    return borrow(a[0]);
}

object traceback_getitem(Args a) {
    object found = check(PyList_Type.tp_as_mapping->mp_subscript(a[0].ptr(), a[1].ptr()));
    if (!PySlice_Check(a[1].ptr())) return found;
    return call(type_of(a[0]), found);
}

object traceback_filter(Args a) {
    bool hiding = is_instance(a[1], global<"code_excinfo", "ExceptionInfo">());
    object kept = new_list();
    for (object entry : each(a[0])) {
        bool keep = hiding ? !truth(call_method(entry, "ishidden"_n, a[1])) : truth(call(a[1], entry));
        if (keep) append(kept, entry);
    }
    return make_traceback(kept);
}

/// Entries recur when they are at the same line of the same code with equal locals.
object traceback_recursionindex(Args a) {
    object seen = new_dict();
    long long index = 0;
    for (object entry : each(a[0])) {
        object frame = get(entry, "frame"_n);
        object code = get(frame, "code"_n);
        object identity = check(PyLong_FromVoidPtr(get(code, "raw"_n).ptr()));
        object key = tuple_of(get(code, "path"_n), identity, get(entry, "lineno"_n));
        object locals = call(type_object(PyDict_Type), get(frame, "f_locals"_n));
        object earlier = dict_get(seen, key);
        if (!earlier.is_valid()) {
            earlier = new_list();
            dict_set(seen, key, earlier);
        }
        for (object other : each(earlier))
            if (truth(check(PyObject_RichCompare(other.ptr(), locals.ptr(), Py_EQ)))) return integer(index);
        append(earlier, locals);
        ++index;
    }
    return none();
}

// --- filters ----------------------------------------------------------------------------------

bool starts_with_folder(std::string_view path, std::string_view folder) {
    return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

/// The folder of an imported package, by its `__file__`.
std::string package_folder(const char* name) {
    object file = try_get(import_module(name), "__file__"_n);
    if (!file.is_valid() || !is_str(file)) return {};
    std::string path = text(file);
    return path.substr(0, path.rfind('/') == std::string::npos ? 0 : path.rfind('/'));
}

object py_filter_traceback(Args a) {
    std::string name = text_of(get(get(get(get(a[0], "frame"_n), "code"_n), "raw"_n), "co_filename"_n));
    if (name.find('<') != std::string::npos && name.find('>') != std::string::npos) return boolean(false);
    std::string path = name.starts_with('/') ? name : text_of(get(a[0], "path"_n));
    for (const char* package : {"pluggy", "_pytest", "fastest"}) {
        std::string folder = package_folder(package);
        if (!folder.empty() && starts_with_folder(path, folder)) return boolean(false);
    }
    return boolean(true);
}

object py_filter_excinfo_traceback(Args a) { return filtered_traceback(a[0], a[1]); }

/// The last few files are enough: failures come file by file.
void remember_file(handle files, handle name, handle entry) {
    constexpr Py_ssize_t kFiles = 8;
    if (PyDict_GET_SIZE(files.ptr()) >= kFiles) PyDict_Clear(files.ptr());
    dict_set(files, name, entry);
}

}  // namespace

py::object remembered_source(handle entry, handle files) {
    object code = raw_code_of(entry);
    if (!PyCode_Check(code.ptr())) return {};
    object lines = plain_file_lines(code);
    if (!lines.is_valid()) return {};
    object name = get(code, "co_filename"_n);
    object known = dict_get(files, name);
    bool fresh = known.is_valid() && handle(PyTuple_GET_ITEM(known.ptr(), 0)).is(lines);
    object source = fresh ? borrow(PyTuple_GET_ITEM(known.ptr(), 1)) : file_source(lines);
    long long line = to_int(get(raw_of(entry), "tb_lineno"_n)) - 1;
    long long end = line + 1;
    try {
        object starts = fresh ? borrow(PyTuple_GET_ITEM(known.ptr(), 2)) : statement_starts(source);
        end = statement_end(line, source, starts);
        if (!fresh) remember_file(files, name, tuple_of(lines, source, starts));
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_SyntaxError)) throw;
    }
    object start = integer(to_int(get(code, "co_firstlineno"_n)) - 1);
    return item(source, check(PySlice_New(start.ptr(), integer(end).ptr(), nullptr)));
}

py::object make_traceback(handle tb) { return call(traceback_type(), tb); }

py::object filtered_traceback(handle tbfilter, handle excinfo) {
    if (PyCallable_Check(tbfilter.ptr())) return call(tbfilter, excinfo);
    object traceback = get(excinfo, "traceback"_n);
    return truth(tbfilter) ? call_method(traceback, "filter"_n, excinfo) : traceback;
}

FASTEST_MODULE(code_traceback, "_pytest._code.code") {
    m.cls("TracebackEntry")
        .doc("One entry of a Traceback.")
        .slots({"_rawentry", "_repr_style"})
        .def("__init__", "self, rawentry, repr_style=None", entry_init)
        .def("with_repr_style", "self, repr_style", entry_with_repr_style)
        .prop("lineno", entry_lineno)
        .def("get_python_framesummary", "self", entry_framesummary)
        .prop("end_lineno_relative", entry_end_lineno_relative)
        .prop("colno", entry_colno, nullptr, "The byte in its line where the expression begins.")
        .prop("end_colno", entry_end_colno, nullptr, "The byte in its line where the expression ends.")
        .prop("frame", entry_frame)
        .prop("relline", entry_relline)
        .def("__repr__", "self", entry_repr)
        .prop("statement", entry_statement, nullptr, "The Source of the current statement.")
        .prop("path", entry_path, nullptr, "The path of the source.")
        .prop("locals", entry_locals, nullptr, "The locals of the frame.")
        .def("getfirstlinesource", "self", entry_getfirstlinesource)
        .def("getsource", "self, astcache=None", entry_getsource, "The source that failed.")
        .prop("source", entry_source_property, nullptr, "The source that failed.")
        .def("ishidden", "self, excinfo", entry_ishidden,
             "Whether `__tracebackhide__` of the frame is true; it may be a function of the ExceptionInfo.")
        .def("__str__", "self", entry_str)
        .prop("name", entry_name, nullptr, "co_name of the code.")
        .make();
    m.cls("Traceback", {type_object(PyList_Type)})
        .doc("A list of TracebackEntry objects.")
        .def("__init__", "self, tb", traceback_init)
        .def("cut", "self, path=None, lineno=None, firstlineno=None, excludepath=None", traceback_cut,
             "The traceback from the first entry on that fits all given conditions; itself if none does.")
        .def("__getitem__", "self, key", traceback_getitem)
        .def("filter", "self, excinfo_or_fn, /", traceback_filter,
             "The entries that an ExceptionInfo does not hide, or for which a function is true.")
        .def("recursionindex", "self", traceback_recursionindex,
             "The index of the entry where a recursion begins, or None.")
        .make();
    m.def("filter_traceback", "entry", py_filter_traceback,
          "Whether users want to see this entry: not generated code, and not code of the test runner.");
    m.def("filter_excinfo_traceback", "tbfilter, excinfo", py_filter_excinfo_traceback);
}

}  // namespace fastest::explain
