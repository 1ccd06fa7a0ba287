// What of argparse is pytest's: the parser that raises UsageError, and the form of `--help`. Imports argparse when asked for.

#include <map>

#include "base/text.h"
#include "engine/py/module.h"

namespace fastest::settings {
namespace {

using namespace py::literals;
using py::Args;
using py::handle;
using py::object;

object base_method(const char* base, handle name) {
    return py::get(py::get(py::room("argparse_classes"), py::str(base)), name);
}

object init_parser(Args a) {
    py::call_kw(base_method("ArgumentParser", "__init__"_n), {a[0]},
                {{"usage"_n, a[1]},
                 {"prog"_n, a[3]},
                 {"add_help"_n, Py_False},
                 {"formatter_class"_n, py::facade("_pytest.config.argparsing", "DropShorterLongHelpFormatter"_n)},
                 {"allow_abbrev"_n, Py_False},
                 {"fromfile_prefix_chars"_n, py::str("@")}});
    py::set(a[0], "extra_info"_n, a[2]);
    return py::none();
}

object fail_with_usage(Args a) {
    std::string message = py::cat(py::get(a[0], "prog"_n), ": error: ", a[1]);
    object info = py::call(py::type_object(PyDict_Type), py::get(a[0], "extra_info"_n));
    object names = py::to_list(info);
    py::check(PyList_Sort(names.ptr()));
    for (object name : py::each(names)) message += py::cat("\n  ", name, ": ", py::dict_get(info, name));
    py::raise(py::lookup("_pytest.config.exceptions", "UsageError"_n),
              py::cat(py::call_method(a[0], "format_usage"_n), message));
}

// --- help -------------------------------------------------------------------------------------

object init_formatter(Args a) {
    if (!PyDict_Contains(a[2].ptr(), "width"_n.ptr()))
        py::dict_set(a[2], "width"_n, py::call(py::lookup("_pytest._io", "get_terminal_width"_n)));
    object self = py::tuple_of(a[0]);
    py::call_ex(base_method("HelpFormatter", "__init__"_n), py::check(PySequence_Concat(self.ptr(), a[1].ptr())), a[2]);
    return py::none();
}

std::string without_hyphens(std::string_view text) {
    std::string out;
    for (char c : text)
        if (c != '-') out += c;
    return out;
}

bool is_short(std::string_view option) { return option.size() == 2 || option[2] == ' '; }

/// Of long options that differ only in hyphens, the one with most of them; `--name VALUE` as `--name=VALUE`.
std::string shown_options(const std::string& all) {
    std::vector<std::string> options;
    for (std::size_t at = 0;;) {
        std::size_t comma = all.find(", ", at);
        options.push_back(all.substr(at, comma == std::string::npos ? comma : comma - at));
        if (comma == std::string::npos) break;
        at = comma + 2;
    }
    if (options.size() == 2 && (options[0].size() == 2 || options[1].size() == 2)) return all;
    std::map<std::string, std::string> longest;
    for (const std::string& option : options) {
        if (is_short(option)) continue;
        if (!option.starts_with("--"))
            py::raise(PyExc_AssertionError, "long optional argument without \"--\": [" + option + "]");
        std::string& kept = longest[without_hyphens(option)];
        if (kept.empty() || kept.size() < option.size() - 2) kept = option.substr(2);
    }
    std::string out;
    auto show = [&](const std::string& option) { out += (out.empty() ? "" : ", ") + option; };
    for (const std::string& option : options) {
        if (is_short(option)) show(option);
        auto kept = longest.find(without_hyphens(option));
        if (kept == longest.end() || option.substr(2) != kept->second) continue;
        std::string joined = option;
        if (std::size_t space = joined.find(' '); space != std::string::npos) joined[space] = '=';
        show(joined);
    }
    return out;
}

object format_action_invocation(Args a) {
    std::string all = py::text(py::call(base_method("HelpFormatter", "_format_action_invocation"_n), a[0], a[1]));
    if (!all.empty() && all[0] != '-') return py::str(all);
    return py::str(shown_options(all));
}

object format_action(Args a) {
    std::string text = py::text(py::call(base_method("HelpFormatter", "_format_action"_n), a[0], a[1])), out;
    for (std::string_view rest = text;;) {
        std::size_t end = rest.find('\n');
        std::string_view line = rest.substr(0, end);
        while (!line.empty() && (line.back() == ' ' || line.back() == '\t')) line.remove_suffix(1);
        out += line;
        if (end == std::string_view::npos) return py::str(out);
        out += '\n';
        rest.remove_prefix(end + 1);
    }
}

/// The length of a list item's mark and the white space after it ("- ", "1. ", "(2) "), or 0.
std::size_t bullet_length(std::string_view line) {
    std::size_t at = 0;
    if (line[0] == '-' || line[0] == '*' || line[0] == '+') {
        at = 1;
    } else {
        if (line[0] == '(') at = 1;
        std::size_t digits = at;
        while (at < line.size() && line[at] >= '0' && line[at] <= '9') ++at;
        if (at == digits || at == line.size() || (line[at] != '.' && line[at] != ')')) return 0;
        ++at;
    }
    std::size_t text = line.size() - base::strip_left(line.substr(at)).size();
    return text > at ? text : 0;
}

object split_help(handle help, handle width) {
    std::string text = py::text(help);
    std::size_t end = text.find('\n');
    std::string body(base::strip(std::string_view(text).substr(0, end)));
    if (end != std::string::npos)
        body += "\n" + py::text(py::call(py::lookup("textwrap", "dedent"_n), py::str(text.substr(end + 1))));
    object lines = py::new_list();
    for (std::string_view line : base::split_lines(body)) {
        std::string_view content = base::strip_left(line);
        if (content.empty()) {
            py::append(lines, py::str(""));
            continue;
        }
        std::string indent(line.substr(0, line.size() - content.size()));
        object wrapped = py::call_kw(py::lookup("textwrap", "wrap"_n), {py::str(content), width},
                                     {{"initial_indent"_n, py::str(indent)},
                                      {"subsequent_indent"_n, py::str(indent + std::string(bullet_length(content), ' '))},
                                      {"break_on_hyphens"_n, Py_False}});
        py::call_method(lines, "extend"_n, wrapped);
    }
    Py_ssize_t first = 0, last = PyList_GET_SIZE(lines.ptr());
    auto blank = [&](Py_ssize_t i) { return PyUnicode_GET_LENGTH(PyList_GET_ITEM(lines.ptr(), i)) == 0; };
    while (first < last && blank(first)) ++first;
    while (last > first && blank(last - 1)) --last;
    return py::check(PyList_GetSlice(lines.ptr(), first, last));
}

FASTEST_MODULE(argparse_classes, "_pytest.config.argparsing") {
    m.attr("ArgumentParser", py::lookup("argparse", "ArgumentParser"_n));
    m.attr("HelpFormatter", py::lookup("argparse", "HelpFormatter"_n));
    m.cls("PytestArgumentParser", {m.get("ArgumentParser")})
        .def("__init__", "self, usage, extra_info, *, prog=None", init_parser)
        .def("error", "self, message", fail_with_usage)
        .doc("An argparse parser whose errors are UsageErrors.")
        .make();
    m.cls("DropShorterLongHelpFormatter", {m.get("HelpFormatter")})
        .def("__init__", "self, *args, **kwargs", init_formatter)
        .def("_format_action_invocation", "self, action", format_action_invocation)
        .def("_split_lines", "self, text, width", [](Args a) { return split_help(a[1], a[2]); })
        .def("_format_action", "self, action", format_action)
        .doc("Shows only the longest of the long names that differ in hyphens alone.")
        .make();
    m.def("_split_help_text", "text, width", [](Args a) { return split_help(a[0], a[1]); },
          "Wraps a help text, keeping its lines, paragraphs and lists.");
}

}  // namespace
}  // namespace fastest::settings
