// From a comparison to the text of an assert: `_pytest.assertion.util`.

#include "engine/explain/compare.h"
#include "engine/explain/saferepr.h"
#include "engine/py/module.h"

namespace fastest::explain {

using py::Args;
using py::Generator;
using py::handle;
using py::object;
using py::OwnedArgs;
using namespace py::literals;

namespace {

constexpr Py_ssize_t kLineWidth = 80, kPrefixWidth = 15;

/// Texts that look the same but are not, as they are composed differently, are shown escaped.
bool same_when_decomposed(handle left, handle right) {
    if (!py::is_str(left) || !py::is_str(right)) return false;
    if (PyUnicode_IS_ASCII(left.ptr()) && PyUnicode_IS_ASCII(right.ptr()))
        return PyUnicode_Compare(left.ptr(), right.ptr()) == 0;
    object normalize = py::lookup("unicodedata", "normalize"_n), form = py::str("NFD");
    return py::equal(py::call(normalize, form, left), py::call(normalize, form, right));
}

}  // namespace

object comparison_summary(handle operation, handle left, handle right, long long verbose) {
    bool use_ascii = same_when_decomposed(left, right);
    auto shown = [&](handle value) {
        if (verbose > 1) return safe_repr_unlimited(value, use_ascii);
        return safe_repr(value, (kLineWidth - kPrefixWidth - py::length(operation) - 2) / 2, use_ascii);
    };
    object left_text = shown(left);
    return py::strcat(left_text, " ", operation, " ", shown(right));
}

namespace {

// op, left, right, verbose, highlighter, style, budget
object comparison_lines(const OwnedArgs& a) {
    std::string operation = py::text_of(a[0]);
    if (operation == "==") return lines(&compare_any, a[1], a[2], a[4], a[3], a[5], a[6]);
    if (operation == "not in" && py::is_str(a[1]) && py::is_str(a[2]))
        return lines(&not_in_text, a[1], a[2], a[3], a[6]);
    if (set_comparison(operation) && is_set(a[1]) && is_set(a[2])) {
        object table = py::facade("_pytest.assertion.util", "SET_COMPARISON_FUNCTIONS"_n);
        return py::call(py::item(table, a[0]), a[1], a[2], a[4], a[3]);
    }
    return py::new_list();
}

/// Where a comparison failed, "path:line: error".
object crash_of(const nb::python_error& error) {
    py::Handling handling(error);
    if (py::is_none(py::get(error.value(), "__traceback__"_n))) {
        object file = py::get(py::import_module("_pytest.assertion.util"), "__file__"_n);
        return py::strcat(file, ":1: ", py::get(error.type(), "__name__"_n), ": ", error.value());
    }
    object info = py::call_method(py::facade("_pytest._code", "ExceptionInfo"_n), "from_exception"_n, error.value());
    return py::to_str(py::call_method(info, "_getreprcrash"_n));
}

/// The next line; null at the end or when the comparison failed, which is then told in `failure`.
object next_line(object& source, const OwnedArgs& a, object& failure) {
    try {
        if (!source.is_valid()) source = py::check(PyObject_GetIter(comparison_lines(a).ptr()));
        object line = py::steal(PyIter_Next(source.ptr()));
        if (!line.is_valid() && PyErr_Occurred()) throw nb::python_error();
        return line;
    } catch (const nb::python_error& error) {
        if (!error.matches(PyExc_Exception) || error.matches(py::facade("_pytest.outcomes", "Exit"_n))) throw;
        failure = crash_of(error);
        return {};
    }
}

Generator report(OwnedArgs a) {
    int is_text = PyObject_IsInstance(a[1].ptr(), py::type_object(PyUnicode_Type).ptr());
    if (is_text < 0) throw nb::python_error();  // an object that refuses to tell its class fails outside the details
    object summary = comparison_summary(a[0], a[1], a[2], py::to_int(a[3]));
    object source, failure;
    bool started = false;
    while (object line = next_line(source, a, failure)) {
        if (!started) {
            started = true;
            co_yield summary;
            if (PyUnicode_GET_LENGTH(line.ptr()) != 0) co_yield py::str("");
        }
        co_yield line;
    }
    if (!failure.is_valid()) co_return py::none();
    if (!started) {
        co_yield summary;
        co_yield py::str("");
    }
    co_yield py::strcat("(pytest_assertion plugin: representation of details failed: ", failure, ".");
    co_yield py::str(" Probably an object has a faulty __repr__.)");
    co_return py::none();
}

// --- laying out -------------------------------------------------------------------------------

std::vector<std::string> split_explanation(const std::string& text) {
    std::vector<std::string> result;
    std::size_t at = 0;
    for (bool first = true;; first = false) {
        std::size_t end = text.find('\n', at);
        std::string line = text.substr(at, end == std::string::npos ? end : end - at);
        if (first || (!line.empty() && std::string_view("{}~>").find(line[0]) != std::string_view::npos))
            result.push_back(line);
        else
            result.back() += "\\n" + line;
        if (end == std::string::npos) return result;
        at = end + 1;
    }
}

/// '{' opens a "where", '}' closes it and continues the line it explains, '~' and '>' are lines of their own.
std::vector<std::string> lay_out(const std::vector<std::string>& marked) {
    struct Level {
        std::size_t line;   // which line is being explained
        int explained = 0;  // how many explanations it has
    };
    if (marked.empty()) return {};
    std::vector<std::string> result{marked[0]};
    std::vector<Level> levels{{0}};
    for (std::size_t i = 1; i < marked.size(); ++i) {
        const std::string& line = marked[i];
        char mark = line.empty() ? '\0' : line[0];
        if (mark == '{') {
            const char* word = levels.back().explained++ ? "and   " : "where ";
            levels.push_back({result.size()});
            result.push_back(" +" + std::string(2 * (levels.size() - 1), ' ') + word + line.substr(1));
        } else if (mark == '}') {
            if (levels.size() < 2) py::raise(PyExc_IndexError, "pop from empty list");
            levels.pop_back();
            result[levels.back().line] += line.substr(1);
        } else {
            if (mark != '~' && mark != '>') py::raise(PyExc_AssertionError, "");
            ++levels.back().line;
            std::size_t indent = mark == '~' ? levels.size() : levels.size() - 1;
            result.push_back(std::string(2 * indent, ' ') + line.substr(1));
        }
    }
    if (levels.size() != 1) py::raise(PyExc_AssertionError, "");
    return result;
}

object list_of_texts(const std::vector<std::string>& texts) {
    object list = py::new_list();
    for (const std::string& text : texts) py::append(list, py::str(text));
    return list;
}

object format_explanation(Args a) {
    std::string result;
    bool first = true;
    for (const std::string& line : lay_out(split_explanation(py::text(a[0])))) {
        if (!first) result += "\n";
        first = false;
        result += line;
    }
    return py::str(result);
}

object format_lines(Args a) {
    std::vector<std::string> lines;
    for (object line : py::each(a[0])) lines.push_back(py::text(line));
    return list_of_texts(lay_out(lines));
}

}  // namespace

FASTEST_MODULE(assertion_util, "_pytest.assertion.util") {
    for (const char* state : {"_reprcompare", "_assertion_pass", "_config"}) m.attr(state, Py_None);
    m.def("format_explanation", "explanation", &format_explanation,
          "Lay out an explanation whose lines begin with the marks {, }, ~ and >.");
    m.def("_split_explanation", "explanation",
          [](Args a) { return list_of_texts(split_explanation(py::truth(a[0]) ? py::text(a[0]) : std::string())); });
    m.def("_format_lines", "lines", &format_lines);
    m.generator("assertrepr_compare",
                "op, left, right, *, verbose, highlighter, assertion_text_diff_style, "
                "truncation_budget=_pytest.assertion._typing.NO_TRUNCATION_BUDGET",
                [](OwnedArgs a) {
                    object budget = a.given(6) ? py::borrow(a[6]) : no_budget();
                    return report(OwnedArgs{a[0], a[1], a[2], a[3], a[4], a[5], budget});
                });
}

}  // namespace fastest::explain
