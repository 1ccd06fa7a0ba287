// Cutting long explanations: `_pytest.assertion.truncate`.

#include <algorithm>

#include "engine/explain/compare.h"
#include "engine/explain/truncate.h"
#include "engine/py/module.h"

namespace fastest::explain {

using py::Args;
using py::handle;
using py::object;
using namespace py::literals;

namespace {

constexpr const char* kUsage = "use '-vv' to show";
constexpr const char* kMessage = "...Full output truncated, use '-vv' to show";
// What truncation adds: "..." at the last line, an empty line, the message.
constexpr Py_ssize_t kFooterLines = 2, kFooterChars = 3 + 43;
constexpr Py_ssize_t kDefaultLines = 8, kDefaultChars = 640;

Py_ssize_t size_of(handle line) { return py::length(line); }

Py_ssize_t total_size(const std::vector<object>& lines) {
    Py_ssize_t size = 0;
    for (const object& line : lines) size += size_of(line);
    return size;
}

Py_ssize_t limit(handle config, handle name, Py_ssize_t fallback) {
    object value = py::call_method(config, "getini"_n, name);
    if (py::is_none(value)) return fallback;
    return static_cast<Py_ssize_t>(py::to_int(py::check(PyNumber_Long(value.ptr()))));
}

Budget budget_from(handle config) {
    return {limit(config, "truncation_limit_lines"_n, kDefaultLines),
            limit(config, "truncation_limit_chars"_n, kDefaultChars)};
}

std::vector<object> cut_chars(const std::vector<object>& lines, Py_ssize_t most) {
    std::vector<object> kept;
    Py_ssize_t size = 0;
    for (const object& line : lines) {
        bool last = &line == &lines.back();
        if (size + size_of(line) > most || last) {
            kept.push_back(py::check(PySequence_GetSlice(line.ptr(), 0, std::max<Py_ssize_t>(most - size, 0))));
            break;
        }
        size += size_of(line);
        kept.push_back(line);
    }
    return kept;
}

std::vector<object> cut(std::vector<object> lines, const Budget& budget) {
    bool few_lines = budget.max_lines == 0 || static_cast<Py_ssize_t>(lines.size()) <= budget.max_lines + kFooterLines;
    auto too_long = [&] { return budget.max_chars > 0 && total_size(lines) > budget.max_chars + kFooterChars; };
    if (few_lines && (budget.max_chars >= 0 ? !too_long() : total_size(lines) <= budget.max_chars + kFooterChars))
        return lines;
    if (!few_lines) {  // as many as the slice [:max_lines] has
        auto size = static_cast<Py_ssize_t>(lines.size());
        lines.resize(static_cast<std::size_t>(
            std::clamp<Py_ssize_t>(budget.max_lines + (budget.max_lines < 0 ? size : 0), 0, size)));
    }
    if (too_long()) lines = cut_chars(lines, budget.max_chars);
    if (lines.empty()) py::raise(PyExc_IndexError, "list index out of range");
    lines.back() = py::check(PyUnicode_Concat(lines.back().ptr(), py::str("...").ptr()));
    lines.push_back(py::str(""));
    lines.push_back(py::str(kMessage));
    return lines;
}

object list_of_lines(const std::vector<object>& lines) {
    object list = py::new_list();
    for (const object& line : lines) py::append(list, line);
    return list;
}

std::vector<object> vector_of(handle lines) {
    std::vector<object> result;
    for (object line : py::each(lines)) result.push_back(line);
    return result;
}

}  // namespace

std::optional<Budget> truncation_of(handle config) {
    object kind = py::try_get(config, "VERBOSITY_ASSERTIONS"_n);
    if (!kind.is_valid()) kind = py::str("assertions");
    if (py::to_int(py::call_method(config, "get_verbosity"_n, kind)) >= 2) return {};
    if (py::truth(py::call(py::facade("_pytest.compat", "running_on_ci"_n)))) return {};
    Budget budget = budget_from(config);
    if (budget.max_lines <= 0 && budget.max_chars <= 0) return {};
    return budget;
}

Budget comparison_budget(handle config) {
    std::optional<Budget> budget = truncation_of(config);
    if (!budget) return {};
    return {budget->max_lines > 0 ? budget->max_lines + kFooterLines + 1 : 0,
            budget->max_chars > 0 ? budget->max_chars + kFooterChars : 0};
}

object materialize(handle lines, handle config) { return materialize(lines, truncation_of(config)); }

object materialize(handle lines, const std::optional<Budget>& budget) {
    if (!budget) return py::to_list(lines);
    std::vector<object> taken;
    Py_ssize_t size = 0;
    for (object line : py::each(lines)) {
        taken.push_back(line);
        size += size_of(line);
        bool many = budget->max_lines > 0 && static_cast<Py_ssize_t>(taken.size()) > budget->max_lines + kFooterLines;
        bool large = budget->max_chars > 0 && size > budget->max_chars + kFooterChars;
        if (many || large) return list_of_lines(cut(std::move(taken), *budget));
    }
    return list_of_lines(taken);
}

FASTEST_MODULE(truncate, "_pytest.assertion.truncate") {
    m.attr("USAGE_MSG", py::str(kUsage));
    m.attr("TRUNCATION_MSG", py::str(kMessage));
    m.attr("TRUNCATION_FOOTER_LINES", py::integer(kFooterLines));
    m.attr("TRUNCATION_FOOTER_CHARS", py::integer(kFooterChars));
    m.def(
        "materialize_with_truncation", "lines, config", [](Args a) { return materialize(a[0], a[1]); },
        "The lines of an explanation, as many as the configuration wants to see.");
    m.def("_get_truncation_parameters", "config", [](Args a) {
        std::optional<Budget> budget = truncation_of(a[0]);
        return py::tuple_of(py::boolean(budget.has_value()), make_budget(budget.value_or(Budget{})));
    });
    m.def("_budget_from_config", "config", [](Args a) { return make_budget(budget_from(a[0])); });
    m.def("_truncate_explanation", "input_lines, budget",
          [](Args a) { return list_of_lines(cut(vector_of(a[0]), budget_of(a[1]))); });
    m.def("_truncate_by_char_count", "input_lines, max_chars",
          [](Args a) { return list_of_lines(cut_chars(vector_of(a[0]), static_cast<Py_ssize_t>(py::to_int(a[1])))); });
}

}  // namespace fastest::explain
