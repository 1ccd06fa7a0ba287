// `ExceptionInfo`: an exception that was caught, with its traceback.

#include "engine/explain/excinfo.h"

#include "engine/explain/traceback.h"
#include "engine/py/frame.h"

namespace fastest::explain {
namespace {

using namespace py;

handle excinfo_type() { return global<"code_excinfo", "ExceptionInfo">(); }

[[noreturn]] void fail_assertion(std::string_view message) { raise(PyExc_AssertionError, message); }

object excinfo_init(Args a) {
    if (!truth(a[4])) call(lookup("_pytest.deprecated", "check_ispytest"_n), a[4]);
    set(a[0], "_excinfo"_n, a[1]);
    set(a[0], "_striptext"_n, a[2]);
    set(a[0], "_traceback"_n, a[3]);
    return none();
}

object new_excinfo(handle type, handle triple, handle striptext) {
    return call_kw(type, {triple, striptext}, {{"_ispytest"_n, Py_True}});
}

/// Texts given by the caller are never stripped; else the exception decides when it is asked.
object striptext_for(handle exprinfo) { return is_none(exprinfo) ? none() : str(""); }

object excinfo_from_exc_info(Args a) { return new_excinfo(a[0], a[1], striptext_for(a[2])); }

object excinfo_from_exception(Args a) {
    object traceback = get(a[1], "__traceback__"_n);
    if (is_none(traceback))
        fail_assertion("Exceptions passed to ExcInfo.from_exception(...) must have a non-None __traceback__.");
    object triple = tuple_of(type_of(a[1]), a[1], traceback);
    return call_method(a[0], "from_exc_info"_n, triple, a[2]);
}

object excinfo_from_current(Args a) {
    object exception = version::handled_exception();
    if (!exception.is_valid() || is_none(exception)) fail_assertion("no current exception");
    object triple = tuple_of(type_of(exception), exception, get(exception, "__traceback__"_n));
    return call_method(a[0], "from_exc_info"_n, triple, a[1]);
}

object excinfo_for_later(Args a) { return new_excinfo(a[0], Py_None, Py_None); }

object excinfo_fill_unfilled(Args a) {
    if (!is_none(get(a[0], "_excinfo"_n))) fail_assertion("ExceptionInfo was already filled");
    set(a[0], "_excinfo"_n, a[1]);
    return none();
}

object part(handle self, int index, const char* name) {
    object triple = get(self, "_excinfo"_n);
    if (is_none(triple)) fail_assertion(cat(".", name, " can only be used after the context manager exits"));
    return item(triple, integer(index));
}

object excinfo_type_part(Args a) { return part(a[0], 0, "type"); }
object excinfo_value(Args a) { return part(a[0], 1, "value"); }
object excinfo_tb(Args a) { return part(a[0], 2, "tb"); }

object excinfo_typename(Args a) {
    if (is_none(get(a[0], "_excinfo"_n))) fail_assertion(".typename can only be used after the context manager exits");
    return get(get(a[0], "type"_n), "__name__"_n);
}

object excinfo_get_striptext(Args a) {
    object known = get(a[0], "_striptext"_n);
    if (!is_none(known)) return known;
    set(a[0], "_striptext"_n, str(""));
    object exception = get(a[0], "value"_n);
    if (is_instance(exception, PyExc_AssertionError)) {
        object shown = get_or(exception, "msg"_n, Py_None);
        if (is_none(shown)) shown = call(lookup("_pytest._io.saferepr", "saferepr"_n), exception);
        if (truth(shown) && truth(call_method(shown, "startswith"_n, get(a[0], "_assert_start_repr"_n))))
            set(a[0], "_striptext"_n, str("AssertionError: "));
    }
    return get(a[0], "_striptext"_n);
}

object excinfo_traceback(Args a) {
    if (is_none(get(a[0], "_traceback"_n))) set(a[0], "_traceback"_n, make_traceback(get(a[0], "tb"_n)));
    return get(a[0], "_traceback"_n);
}

object excinfo_set_traceback(Args a) {
    set(a[0], "_traceback"_n, a[1]);
    return none();
}

object excinfo_repr(Args a) {
    object triple = get(a[0], "_excinfo"_n);
    if (is_none(triple)) return str("<ExceptionInfo for raises contextmanager>");
    object shown = call(lookup("_pytest._io.saferepr", "saferepr"_n), item(triple, integer(1)));
    return strcat("<", get(type_of(a[0]), "__name__"_n), " ", shown, " tblen=", length(get(a[0], "traceback"_n)), ">");
}

/// The only exception in a group of groups of one, or null.
object only_member(handle group) {
    object members = get(group, "exceptions"_n);
    if (length(members) != 1) return {};
    object member = item(members, integer(0));
    return is_exception_group(member) ? only_member(member) : member;
}

bool notes_known(handle value) {
    try {
        return try_get(value, "__notes__"_n).is_valid();
    } catch (nb::python_error&) {
        return true;
    }
}

/// Types whose text in tracebacks is more than their name and `str()`.
bool has_plain_text(handle value) {
    if (is_exception_group(value) || notes_known(value)) return false;
    for (PyObject* special : {PyExc_SyntaxError, PyExc_NameError, PyExc_AttributeError, PyExc_ImportError})
        if (PyObject_TypeCheck(value.ptr(), reinterpret_cast<PyTypeObject*>(special))) return false;
    return true;
}

/// `traceback.format_exception_only(value)` joined, for plain exceptions without importing traceback.
object plain_text(handle value) {
    handle type = type_of(value);
    object module = get(type, "__module__"_n);
    std::string name;
    if (!is_str(module))
        name = "<unknown>.";
    else if (!equal(module, str("__main__")) && !equal(module, str("builtins")))
        name = text(module) + ".";
    name += text_of(get(type, "__qualname__"_n));
    std::string shown;
    try {
        shown = text_of(value);
    } catch (nb::python_error&) {
        shown = "<exception str() failed>";
    }
    return str(shown.empty() ? name : cat(name, ": ", shown));
}

object excinfo_exconly(Args a) {
    bool try_short = truth(a[1]);
    object value = get(a[0], "value"_n);
    if (try_short && is_exception_group(value))
        if (object member = only_member(value); member.is_valid())
            return strcat(repr_of(member), " [single exception in ", get(type_of(value), "__name__"_n), "]");
    object text = has_plain_text(value)
                      ? plain_text(value)
                      : call_method(str(""), "join"_n, call(lookup("traceback", "format_exception_only"_n), value));
    text = call_method(text, "rstrip"_n);
    if (!try_short) return text;
    return call_method(text, "removeprefix"_n, call_method(a[0], "_get_striptext"_n));
}

object excinfo_errisinstance(Args a) { return boolean(is_instance(get(a[0], "value"_n), a[1])); }

object crash_place(handle file, handle line, handle self) {
    object message = call_method_kw(self, "exconly"_n, {}, {{"tryshort"_n, Py_True}});
    return call(global<"code_reprs", "ReprFileLocation">(), file, line, message);
}

object excinfo_getreprcrash(Args a) {
    object traceback = get(a[0], "traceback"_n);
    if (is_none(get(a[0], "tb"_n))) return crash_in_runner(a[0]);
    for (Py_ssize_t i = length(traceback) - 1; i >= 0; --i) {
        object entry = item(traceback, integer(i));
        if (truth(call_method(entry, "ishidden"_n, a[0]))) continue;
        object file = get(get(get(get(entry, "frame"_n), "code"_n), "raw"_n), "co_filename"_n);
        object line = integer(to_int(get(entry, "lineno"_n)) + 1);
        return crash_place(file, line, a[0]);
    }
    return none();
}

object native_repr(handle self) {
    object traceback = get(self, "traceback"_n);
    object first = length(traceback) ? get(item(traceback, integer(0)), "_rawentry"_n) : none();
    object lines = call(lookup("traceback", "format_exception"_n), get(self, "type"_n), get(self, "value"_n), first);
    object shown = call(global<"code_reprs", "ReprTracebackNative">(), lines);
    return call_kw(global<"code_reprs", "ReprExceptionInfo">(), {},
                   {{"reprtraceback"_n, shown}, {"reprcrash"_n, call_method(self, "_getreprcrash"_n)}});
}

object excinfo_getrepr(Args a) {
    if (equal(a[2], "native"_n)) return native_repr(a[0]);
    object formatter = call_kw(lookup("_pytest._code.code", "ExceptionInfoFormatter"_n), {},
                               {{"showlocals"_n, a[1]},
                                {"style"_n, a[2]},
                                {"abspath"_n, a[3]},
                                {"tbfilter"_n, a[4]},
                                {"funcargs"_n, a[5]},
                                {"truncate_locals"_n, a[6]},
                                {"truncate_args"_n, a[7]},
                                {"chain"_n, a[8]}});
    return call_method(formatter, "repr_excinfo"_n, a[0]);
}

bool searched(handle pattern, handle text) { return !is_none(call(lookup("re", "search"_n), pattern, text)); }

object excinfo_match(Args a) {
    object value = stringify_exception(get(a[0], "value"_n));
    if (searched(a[1], value)) return boolean(true);
    std::string message =
        cat("Regex pattern did not match.\n  Expected regex: ", repr_of(a[1]), "\n  Actual message: ", repr_of(value));
    if (equal(a[1], value)) message += "\n Did you mean to `re.escape()` the regex?";
    object shown = str(message);
    raise_hidden("_pytest._code.code", "ExceptionInfo.match",
                 {{"self"_n, a[0]}, {"regexp"_n, a[1]}, {"value"_n, value}, {"msg"_n, shown}},
                 call(PyExc_AssertionError, shown));
}

object excinfo_group_contains_inner(Args a) {
    handle self = a[0], expected = a[2], pattern = a[3], target = a[4], depth = a[5];
    bool limited = !is_none(target);
    if (limited && to_int(depth) > to_int(target)) return boolean(false);
    object next_depth = integer(to_int(depth) + 1);
    for (object member : each(get(a[1], "exceptions"_n))) {
        if (is_exception_group(member) &&
            truth(call_method(self, "_group_contains"_n, member, expected, pattern, target, next_depth)))
            return boolean(true);
        if (limited && to_int(depth) != to_int(target)) continue;
        if (!is_instance(member, expected)) continue;
        if (is_none(pattern) || searched(pattern, stringify_exception(member))) return boolean(true);
    }
    return boolean(false);
}

object excinfo_group_contains(Args a) {
    handle depth = a[3];
    object value = get(a[0], "value"_n);
    if (!is_exception_group(value)) fail_assertion("Captured exception is not an instance of `BaseExceptionGroup`");
    if (!is_none(depth) && to_int(depth) < 1) fail_assertion("`depth` must be >= 1 if specified");
    return call_method(a[0], "_group_contains"_n, value, a[1], a[2], depth);
}

/// Notes of an exception. urllib's HTTPError may raise KeyError for an attribute that is not there.
object notes_of(handle exception) {
    try {
        object notes = try_get(exception, "__notes__"_n);
        return notes.is_valid() ? notes : new_list();
    } catch (nb::python_error& error) {
        if (!version::kHttpErrorRaisesKeyError || !error.matches(PyExc_KeyError)) throw;
        object module = dict_get(lookup("sys", "modules"_n), str("urllib.error"));
        if (!module.is_valid() || !is_instance(exception, get(module, "HTTPError"_n))) throw;
        return new_list();
    }
}

object py_stringify_exception(Args a) { return stringify_exception(a[0], truth(a[1])); }

}  // namespace

bool is_exception_group(handle exception) {
    object type = try_get(import_module("builtins"), "BaseExceptionGroup"_n);
    if (!type.is_valid()) type = lookup("exceptiongroup", "BaseExceptionGroup"_n);
    return is_instance(exception, type);
}

py::object stringify_exception(handle exception, bool with_count) {
    object notes = notes_of(exception);
    bool bare = !with_count && is_exception_group(exception);
    object lines = list_of(bare ? get(exception, "message"_n) : to_str(exception));
    for (object note : each(notes)) append(lines, note);
    return call_method(str("\n"), "join"_n, lines);
}

object crash_in_runner(handle excinfo) {
    return crash_place(lookup("_pytest.runner", "__file__"_n), integer(1), excinfo);
}

py::object excinfo_of(handle exception) { return call_method(excinfo_type(), "from_exception"_n, exception); }

FASTEST_MODULE(code_excinfo, "_pytest._code.code") {
    m.def("stringify_exception", "exc, include_subexception_msg=True", py_stringify_exception);
    m.cls("ExceptionInfo")
        .doc("An exception that was caught, and help to find one's way in its traceback.")
        .generic()
        .attr("_assert_start_repr", str("AssertionError('assert "))
        .attr("__final__", Py_True)
        .dataclass("_excinfo, _striptext=None, _traceback=None", {.init = false})
        .def("__init__", "self, excinfo, striptext=None, traceback=None, *, _ispytest=False", excinfo_init)
        .classmethod("from_exception", "cls, exception, exprinfo=None", excinfo_from_exception,
                     "An ExceptionInfo of an exception that was raised, that is, has a `__traceback__`.")
        .classmethod("from_exc_info", "cls, exc_info, exprinfo=None", excinfo_from_exc_info,
                     "As from_exception, from a (type, value, traceback) tuple.")
        .classmethod("from_current", "cls, exprinfo=None", excinfo_from_current,
                     "An ExceptionInfo of the exception that is being handled.")
        .classmethod("for_later", "cls", excinfo_for_later, "An ExceptionInfo to be filled in later.")
        .def("fill_unfilled", "self, exc_info", excinfo_fill_unfilled, "Fills an ExceptionInfo made by for_later().")
        .prop("type", excinfo_type_part, nullptr, "The class of the exception.")
        .prop("value", excinfo_value, nullptr, "The exception.")
        .prop("tb", excinfo_tb, nullptr, "The traceback object.")
        .def("_get_striptext", "self", excinfo_get_striptext)
        .prop("typename", excinfo_typename, nullptr, "The name of the exception's class.")
        .prop("traceback", excinfo_traceback, excinfo_set_traceback, "The traceback, as a Traceback.")
        .def("__repr__", "self", excinfo_repr)
        .def("exconly", "self, tryshort=False", excinfo_exconly,
             "The exception as text: type and message, notes, and what SyntaxErrors add. With `tryshort`, a rewritten\n"
             "assert loses its 'AssertionError: '.")
        .def("errisinstance", "self, exc", excinfo_errisinstance, "`isinstance(excinfo.value, exc)`.")
        .def("_getreprcrash", "self", excinfo_getreprcrash)
        .def("getrepr",
             "self, showlocals=False, style='long', abspath=False, tbfilter=True, funcargs=False, "
             "truncate_locals=True, truncate_args=True, chain=True",
             excinfo_getrepr,
             "A representation of the exception for the terminal; `str()` works on it.\n\n"
             ":param showlocals: show the locals of each entry.\n"
             ":param style: long, short, line, no, native or value.\n"
             ":param abspath: show paths as absolute ones.\n"
             ":param tbfilter: true hides internal and hidden entries, a callable decides itself.\n"
             ":param funcargs: show the arguments of each entry.\n"
             ":param truncate_locals: shorten locals.\n"
             ":param truncate_args: shorten arguments.\n"
             ":param chain: show chained exceptions too.")
        .def("match", "self, regexp", excinfo_match,
             "Checks with `re.search` that the exception's text matches; AssertionError if not.")
        .def("_group_contains", "self, exc_group, expected_exception, match, target_depth=None, current_depth=1",
             excinfo_group_contains_inner)
        .def("group_contains", "self, expected_exception, *, match=None, depth=None", excinfo_group_contains,
             "Whether the exception group has a member of this type that matches, at this depth (1 is the top) or any.")
        .make();
}

}  // namespace fastest::explain
