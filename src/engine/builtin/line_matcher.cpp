// Looking for lines in text (`pytest.LineMatcher`). What is found and what is passed over is logged; the log is the
// message when something is missing.

#include "engine/py/module.h"

namespace fastest::builtin {

using namespace py::literals;
using py::handle;
using py::object;

namespace {

/// One of the two ways to match a line, with the name under which it is logged.
struct Way {
    object matches;  // (line, pattern) -> bool
    std::string name;

    bool operator()(handle line, handle pattern) const { return py::truth(py::call(matches, line, pattern)); }
    std::string margin(std::string_view word) const {
        std::size_t width = name.size() + 1;
        return std::string(width > word.size() ? width - word.size() : 0, ' ').append(word);
    }
};

/// A regular expression as (line, pattern) -> match.
object re_match(py::Args a) { return py::call(py::lookup("re", "match"_n), a[1], a[0]); }

Way fnmatch_way() { return {py::lookup("fnmatch", "fnmatch"_n), "fnmatch"}; }
Way re_way() { return {py::make_function("match", "line, pattern", &re_match), "re.match"}; }

object lines_of(handle self) { return py::get(self, "lines"_n); }

void log(handle self, std::string_view label, handle shown) {
    py::append(py::get(self, "_log_output"_n), py::strcat(label, " ", py::repr_of(shown)));
}

void log_text(handle self, std::string_view text) { py::append(py::get(self, "_log_output"_n), py::str(text)); }

void forget_log(handle self) { py::set(self, "_log_output"_n, py::new_list()); }

object joined(handle lines) { return py::call_method("\n"_n, "join"_n, lines); }

[[noreturn]] void fail(handle self) {
    object text = py::get(self, "_log_text"_n);
    forget_log(self);
    py::call(py::facade("_pytest.outcomes", "fail"_n), text);
    throw std::logic_error("pytest.fail() has returned");
}

/// Strings and sources become lists of lines.
object as_lines(handle given) {
    object source_type = py::facade("_pytest._code.source", "Source"_n);
    object source = py::borrow(given);
    if (py::is_str(given)) source = py::call(source_type, given);
    if (!py::is_instance(source, source_type)) return source;
    return py::get(py::call_method(source, "strip"_n), "lines"_n);
}

void match_in_order(handle self, handle wanted, const Way& way, bool consecutive) {
    if (!py::is_instance(wanted, py::lookup("collections.abc", "Sequence"_n)))
        py::raise(PyExc_TypeError, py::cat("invalid type for lines2: ", py::get(py::type_of(wanted), "__name__"_n)));
    object lines = py::to_list(lines_of(self));
    Py_ssize_t at = 0, end = PyList_GET_SIZE(lines.ptr());
    bool started = false;
    for (object pattern : py::each(as_lines(wanted))) {
        bool found = false, said = false;
        while (!found && at < end) {
            object line = py::borrow(PyList_GET_ITEM(lines.ptr(), at++));
            if (py::equal(pattern, line)) {
                log(self, "exact match:", pattern);
                found = true;
            } else if (way(line, pattern)) {
                log(self, way.name + ":", pattern);
                log(self, way.margin("with:"), line);
                found = true;
            } else if (consecutive && started) {
                log_text(self, py::cat("no consecutive match: ", py::repr_of(pattern)));
                log(self, way.margin("with:"), line);
                fail(self);
            } else {
                if (!said) log(self, way.margin("nomatch:"), pattern);
                said = true;
                log(self, way.margin("and:"), line);
            }
        }
        if (!found) {
            log_text(self, py::cat("remains unmatched: ", py::repr_of(pattern)));
            fail(self);
        }
        started = true;
    }
    forget_log(self);
}

void match_in_any_order(handle self, handle wanted, const Way& way) {
    object lines = lines_of(self);
    for (object pattern : py::each(as_lines(wanted))) {
        bool found = false;
        for (object line : py::each(lines)) {
            found = py::equal(pattern, line) || way(line, pattern);
            if (!found) continue;
            log(self, "matched: ", pattern);
            break;
        }
        if (found) continue;
        log_text(self, py::cat("line ", py::repr_of(pattern), " not found in output"));
        fail(self);
    }
}

void match_nowhere(handle self, handle pattern, const Way& way) {
    bool said = false;
    for (object line : py::each(lines_of(self))) {
        if (way(line, pattern)) {
            log(self, way.name + ":", pattern);
            log(self, way.margin("with:"), line);
            fail(self);
        }
        if (!said) log(self, way.margin("nomatch:"), pattern);
        said = true;
        log(self, way.margin("and:"), line);
    }
    forget_log(self);
}

object get_lines_after(py::Args a) {
    Way way = fnmatch_way();
    object lines = lines_of(a[0]);
    Py_ssize_t at = 0;
    for (object line : py::each(lines)) {
        ++at;
        if (py::equal(a[1], line) || way(line, a[1]))
            return py::check(PySequence_GetSlice(lines.ptr(), at, PY_SSIZE_T_MAX));
    }
    py::raise(PyExc_ValueError, py::cat("line ", py::repr_of(a[1]), " not found in output"));
}

object text_of_lines(py::Args a) { return joined(lines_of(a[0])); }

template <Way (*MakeWay)()>
object in_order(py::Args a) {
    match_in_order(a[0], a[1], MakeWay(), py::truth(a[2]));
    return py::none();
}
template <Way (*MakeWay)()>
object in_any_order(py::Args a) {
    match_in_any_order(a[0], a[1], MakeWay());
    return py::none();
}
template <Way (*MakeWay)()>
object nowhere(py::Args a) {
    match_nowhere(a[0], a[1], MakeWay());
    return py::none();
}

// --- LineComp ---------------------------------------------------------------------------------

object make_buffer(py::Args a) {
    py::set(a[0], "stringio"_n, py::call(py::lookup("io", "StringIO"_n)));
    return py::none();
}

object contains_lines(py::Args a) {
    object buffer = py::get(a[0], "stringio"_n);
    object lines = py::call_method(py::call_method(buffer, "getvalue"_n), "split"_n, py::str("\n"));
    py::call_method(buffer, "seek"_n, py::integer(0));
    py::call_method(buffer, "truncate"_n);
    py::call_method(py::call(py::lookup("_pytest.pytester", "LineMatcher"_n), lines), "fnmatch_lines"_n, a[1]);
    return py::none();
}

}  // namespace

FASTEST_MODULE(line_matcher, "_pytest.pytester") {
    m.cls("LineMatcher")
        .def("__init__", "self, lines",
             [](py::Args a) -> object {
                 py::set(a[0], "lines"_n, a[1]);
                 forget_log(a[0]);
                 return py::none();
             })
        .def("__str__", "self", &text_of_lines)
        .def("_getlines", "self, lines2", [](py::Args a) -> object { return as_lines(a[1]); })
        .def("fnmatch_lines", "self, lines2, *, consecutive=False", &in_order<&fnmatch_way>,
             "Check that the lines come in this order; they are globs. Other lines may come between them, unless\n"
             "`consecutive`. Fails with a log of the search.")
        .def("re_match_lines", "self, lines2, *, consecutive=False", &in_order<&re_way>,
             "As fnmatch_lines, with regular expressions that match from a line's start.")
        .def("fnmatch_lines_random", "self, lines2", &in_any_order<&fnmatch_way>,
             "Check that the lines come, in any order; they are globs.")
        .def("re_match_lines_random", "self, lines2", &in_any_order<&re_way>,
             "Check that the lines come, in any order; they are regular expressions.")
        .def("get_lines_after", "self, fnline", &get_lines_after, "All lines after the first that matches a glob.")
        .def("no_fnmatch_line", "self, pat", &nowhere<&fnmatch_way>, "Check that no line matches a glob.")
        .def("no_re_match_line", "self, pat", &nowhere<&re_way>, "Check that no line matches a regular expression.")
        .def("_match_lines", "self, lines2, match_func, match_nickname, *, consecutive=False",
             [](py::Args a) {
                 match_in_order(a[0], a[1], {py::borrow(a[2]), py::text(a[3])}, py::truth(a[4]));
                 return py::none();
             })
        .def("_match_lines_random", "self, lines2, match_func",
             [](py::Args a) {
                 match_in_any_order(a[0], a[1], {py::borrow(a[2]), {}});
                 return py::none();
             })
        .def("_no_match_line", "self, pat, match_func, match_nickname",
             [](py::Args a) {
                 match_nowhere(a[0], a[1], {py::borrow(a[2]), py::text(a[3])});
                 return py::none();
             })
        .def("_log", "self, *args",
             [](py::Args a) {
                 object words = py::new_list();
                 for (object word : py::each(a[1])) py::append(words, py::to_str(word));
                 log_text(a[0], py::text(py::call_method(" "_n, "join"_n, words)));
                 return py::none();
             })
        .def("_fail", "self, msg", [](py::Args a) -> object { fail(a[0]); })
        .prop("_log_text", [](py::Args a) -> object { return joined(py::get(a[0], "_log_output"_n)); })
        .def("str", "self", &text_of_lines, "The whole text.")
        .doc("Lines of text, and checks of what is in them. `lines` is the list, without line ends.")
        .make();
    m.cls("LineComp")
        .doc("A text buffer whose lines are checked, and then forgotten.")
        .def("__init__", "self", &make_buffer)
        .def("assert_contains_lines", "self, lines2", &contains_lines,
             "Assert that the lines, which are globs, come in this order.")
        .make();
}

}  // namespace fastest::builtin
