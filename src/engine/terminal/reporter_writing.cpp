// Writing lines, prefixes and rules.

#include <algorithm>

#include "engine/py/pathlib_path.h"
#include "engine/terminal/reporter.h"
#include "engine/terminal/reporter_writing.h"

namespace fastest::terminal {
namespace {

using namespace py;

/// Keyword dicts of a call are its own, but these go on to another call with more in them.
object copy_of(handle keywords) { return check(PyDict_Copy(keywords.ptr())); }

}  // namespace

object file_of_nodeid(handle self, handle nodeid) {
    object root = get(get(self, "config"_n), "rootpath"_n);
    std::string text_id = text(nodeid);
    object memo = try_get(self, "_nodeid_path_memo"_n);
    if (memo.is_valid()) {
        handle known_root = PyTuple_GET_ITEM(memo.ptr(), 0), prefix = PyTuple_GET_ITEM(memo.ptr(), 1);
        if (known_root.is(root) && text_id.starts_with(text(prefix))) return borrow(PyTuple_GET_ITEM(memo.ptr(), 2));
    }
    object parsed = call_method(lookup("_pytest.nodeid", "NodeId"_n), "parse"_n, nodeid);
    object relative = get(parsed, "path"_n);
    object path =
        is_str(relative) ? path_below(root, relative) : check(PyNumber_TrueDivide(root.ptr(), relative.ptr()));
    std::string prefix = cat(relative, "::");
    if (text_id.starts_with(prefix)) set(self, "_nodeid_path_memo"_n, tuple_of(root, str(prefix), path));
    return path;
}

bool is_current_file(handle self, handle path) {
    object current = get(self, "currentfspath"_n);
    return path.is(current) || (!is_none(current) && equal_paths(path, current));
}

object shown_file(handle self, handle path) {
    return strcat(call(lookup("_pytest.pathlib", "bestrelpath"_n), get(self, "startpath"_n), path), " ");
}

namespace {

object reporter_write_fspath_result(Args a) {
    handle self = a[0];
    object path = file_of_nodeid(self, a[1]);
    object writer = writer_of(self);
    if (!is_current_file(self, path)) {
        if (!is_none(get(self, "currentfspath"_n)) && truth(get(self, "_show_progress_info"_n)))
            call_method(self, "_write_progress_information_filling_space"_n);
        set(self, "currentfspath"_n, path);
        call_method(writer, "line"_n);
        call_method(writer, "write"_n, shown_file(self, path));
    }
    object keywords = copy_of(a[3]);
    dict_set(keywords, "flush"_n, Py_True);
    call_styled(writer, "write"_n, {a[2]}, keywords);
    return none();
}

object reporter_write_ensure_prefix(Args a) {
    handle self = a[0];
    object writer = writer_of(self);
    if (!equal(get(self, "currentfspath"_n), a[1])) {
        call_method(writer, "line"_n);
        set(self, "currentfspath"_n, a[1]);
        call_method(writer, "write"_n, a[1]);
    }
    if (truth(a[2])) {
        call_styled(writer, "write"_n, {a[2]}, a[3]);
        set(self, "currentfspath"_n, integer(-2));
    }
    return none();
}

object reporter_ensure_newline(Args a) {
    if (truth(get(a[0], "currentfspath"_n))) {
        call_method(writer_of(a[0]), "line"_n);
        set(a[0], "currentfspath"_n, Py_None);
    }
    return none();
}

/// Whether `textwrap` would leave the text on one line as it is but for blanks at its end.
bool is_one_plain_line(std::string_view text, long long width) {
    if (text.find_first_not_of(' ') == std::string_view::npos) return false;
    for (char c : text)
        if (c < 0x20 || c >= 0x7F) return false;
    return static_cast<long long>(text.size()) <= width;
}

object wrapped_text(handle content, long long width, handle line_sep) {
    std::string plain = text(content);
    if (is_one_plain_line(plain, width)) {
        plain.erase(plain.find_last_not_of(' ') + 1);
        return str(plain);
    }
    object lines =
        call_kw(lookup("textwrap", "wrap"_n), {content},
                {{"width"_n, integer(width)}, {"drop_whitespace"_n, Py_True}, {"replace_whitespace"_n, Py_False}});
    return call_method(line_sep, "join"_n, lines);
}

/// Arguments: self, content, flush, margin, line_sep, markup.
object reporter_wrap_write(Args a) {
    object writer = writer_of(a[0]);
    long long used = to_int(get(writer, "width_of_current_line"_n));
    object padded = strcat(std::string(static_cast<std::size_t>(std::max(0LL, used)), ' '), a[1]);
    long long width = to_int(get(a[0], "_screen_width"_n)) - to_int(a[3]);
    object wrapped = wrapped_text(padded, width, a[4]);
    object rest = check(PySequence_GetSlice(wrapped.ptr(), static_cast<Py_ssize_t>(used), PY_SSIZE_T_MAX));
    object keywords = copy_of(a[5]);
    dict_set(keywords, "flush"_n, a[2]);
    call_styled(writer, "write"_n, {rest}, keywords);
    return none();
}

object reporter_write(Args a) {
    object keywords = copy_of(a[3]);
    dict_set(keywords, "flush"_n, a[2]);
    call_styled(writer_of(a[0]), "write"_n, {a[1]}, keywords);
    return none();
}

object reporter_write_raw(Args a) {
    call_method_kw(writer_of(a[0]), "write_raw"_n, {a[1]}, {{"flush"_n, a[2]}});
    return none();
}

object reporter_flush(Args a) {
    call_method(writer_of(a[0]), "flush"_n);
    return none();
}

object reporter_write_line(Args a) {
    object line = borrow(a[1]);
    if (!is_str(line)) {
        object warning = call_method(lookup("_pytest.deprecated", "TERMINAL_WRITE_LINE_BYTES"_n), "format"_n);
        call_kw(lookup("warnings", "warn"_n), {warning}, {{"stacklevel"_n, integer(1)}});
        line = call_kw(type_object(PyUnicode_Type), {line}, {{"errors"_n, str("replace")}});
    }
    call_method(a[0], "ensure_newline"_n);
    call_styled(writer_of(a[0]), "line"_n, {line}, a[2]);
    return none();
}

object reporter_rewrite(Args a) {
    object writer = writer_of(a[0]);
    object keywords = copy_of(a[2]);
    object erase = dict_get(keywords, "erase"_n);
    dict_remove(keywords, "erase"_n);
    std::string line = text_of(a[1]);
    if (erase.is_valid() && truth(erase)) {
        long long fill = to_int(get(writer, "fullwidth"_n)) - length(a[1]) - 1;
        line.append(static_cast<std::size_t>(std::max(0LL, fill)), ' ');
    }
    call_styled(writer, "write"_n, {str("\r" + line)}, keywords);
    return none();
}

object reporter_write_sep(Args a) {
    call_method(a[0], "ensure_newline"_n);
    call_styled(writer_of(a[0]), "sep"_n, {a[1], a[2], a[3]}, a[4]);
    return none();
}

object reporter_section(Args a) {
    call_styled(writer_of(a[0]), "sep"_n, {a[2], a[1]}, a[3]);
    return none();
}

object reporter_line(Args a) {
    call_styled(writer_of(a[0]), "line"_n, {a[1]}, a[2]);
    return none();
}

}  // namespace

void define_writing(ClassBuilder& reporter) {
    reporter.def("write_fspath_result", "self, nodeid, res, **markup", reporter_write_fspath_result)
        .def("write_ensure_prefix", "self, prefix, extra='', **kwargs", reporter_write_ensure_prefix)
        .def("ensure_newline", "self", reporter_ensure_newline)
        .def("wrap_write", "self, content, *, flush=False, margin=8, line_sep='\n', **markup", reporter_wrap_write,
             "Writes a text, wrapped so that there is room for the progress at the right.")
        .def("write", "self, content, *, flush=False, **markup", reporter_write)
        .def("write_raw", "self, content, *, flush=False", reporter_write_raw)
        .def("flush", "self", reporter_flush)
        .def("write_line", "self, line, **markup", reporter_write_line)
        .def("rewrite", "self, line, **markup", reporter_rewrite,
             "Goes back to the first column and writes the line; with `erase` blanks to the end of the terminal's line "
             "too.")
        .def("write_sep", "self, sep, title=None, fullwidth=None, **markup", reporter_write_sep)
        .def("section", "self, title, sep='=', **kw", reporter_section)
        .def("line", "self, msg, **kw", reporter_line);
}

}  // namespace fastest::terminal
