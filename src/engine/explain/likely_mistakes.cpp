#include "engine/explain/likely_mistakes.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "base/text.h"
#include "engine/explain/compare.h"

namespace fastest::explain {

using py::handle;
using py::object;
using namespace py::literals;

namespace {

constexpr Py_ssize_t kMostItems = 10'000, kMostText = 100'000;
constexpr std::size_t kMostLooks = 20, kMostLines = 2;

/// One side of a comparison.
struct Side {
    const char* name;
    handle value;
    std::string type() const { return py::text(py::get(py::type_of(value), "__name__"_n)); }
    std::string is_a() const {
        std::string name_of_type = type();
        if (name_of_type == "bytes") return py::cat(name, " is bytes");
        bool vowel = std::string_view("aeiouAEIOU").find(name_of_type[0]) != std::string_view::npos;
        return py::cat(name, " is ", vowel ? "an " : "a ", name_of_type);
    }
};

using Answer = std::string;  // empty: nothing to say
using Question = Answer (*)(const Side&, const Side&);

/// For questions in which the sides have parts of their own.
template <Answer (*Ask)(const Side&, const Side&)>
Answer either_way(const Side& left, const Side& right) {
    Answer answer = Ask(left, right);
    return answer.empty() ? Ask(right, left) : answer;
}

bool is_small_text(handle value) { return PyUnicode_CheckExact(value.ptr()) && py::length(value) <= kMostText; }

// --- what was not called ----------------------------------------------------------------------

bool is_function(handle value) {
    PyObject* raw = value.ptr();
    return PyFunction_Check(raw) || PyMethod_Check(raw) || PyCFunction_Check(raw);
}

Answer never_ran(const Side& one, const Side& other) {
    PyObject* raw = one.value.ptr();
    if (PyCoro_CheckExact(raw)) return py::cat(one.name, " is a coroutine: it was never awaited");
    if (is_function(one.value) && !is_function(other.value) && !py::is_none(other.value))
        return py::cat(one.name, " is the function ", py::get(one.value, "__name__"_n), ", which was not called");
    if (PyType_Check(raw) && !PyType_Check(other.value.ptr()) && py::is_instance(other.value, one.value))
        return py::cat(one.name, " is the class ", py::get(one.value, "__name__"_n), ", and ", other.name,
                       " an instance of it");
    return {};
}

// --- the same in another type -----------------------------------------------------------------

Answer same_text(const Side& text, const Side& other) {
    if (!is_small_text(text.value) || PyUnicode_Check(other.value.ptr())) return {};
    if (PyBytes_Check(other.value.ptr()) || PyByteArray_Check(other.value.ptr())) {
        if (py::length(other.value) > kMostText) return {};
        object bytes = py::call_method(text.value, "encode"_n);
        return py::equal(bytes, other.value)
                   ? py::cat(other.is_a(), " and ", text.name, " a str with the same text: decode or encode one")
                   : Answer();
    }
    if (is_sequence(other.value) || is_mapping(other.value) || is_set(other.value)) return {};
    if (!py::equal(text.value, py::to_str(other.value))) return {};
    return py::cat(other.is_a(), " and ", text.name, " a str with the same text");
}

bool is_row(handle value) {
    PyObject* raw = value.ptr();
    return PyList_CheckExact(raw) || PyTuple_CheckExact(raw) || PyRange_Check(raw) || PyDictKeys_Check(raw) ||
           PyDictValues_Check(raw);
}

Answer lazy(const Side& one, const Side& other) {
    if (!PyIter_Check(one.value.ptr()) || !(is_row(other.value) || PyAnySet_Check(other.value.ptr()))) return {};
    return py::cat(one.is_a(), ", which equals no ", other.type(), ": compare ", other.type(), "(...) of it");
}

Answer other_container(const Side& left, const Side& right) {
    bool left_set = PyAnySet_Check(left.value.ptr()), right_set = PyAnySet_Check(right.value.ptr());
    if (!(left_set || is_row(left.value)) || !(right_set || is_row(right.value))) return {};
    if (py::length(left.value) > kMostItems || py::length(right.value) > kMostItems) return {};
    std::string types = py::cat(left.is_a(), " and ", right.name, " a ", right.type());
    if (left_set || right_set) {
        if (left_set && right_set) return {};
        object left_items = py::check(PySet_New(left.value.ptr())),
               right_items = py::check(PySet_New(right.value.ptr()));
        return py::equal(left_items, right_items) ? types + " of the same items" : Answer();
    }
    object left_items = py::to_list(left.value), right_items = py::to_list(right.value);
    if (py::equal(left_items, right_items)) return types + " of the same items";
    if (py::length(left_items) != py::length(right_items)) return {};
    py::check(PyList_Sort(left_items.ptr()));
    py::check(PyList_Sort(right_items.ptr()));
    return py::equal(left_items, right_items) ? Answer("left and right have the same items in another order")
                                              : Answer();
}

Answer one_in_tuple(const Side& tuple, const Side& other) {
    PyObject* raw = tuple.value.ptr();
    if (!PyTuple_CheckExact(raw) || PyTuple_GET_SIZE(raw) != 1 || PyTuple_Check(other.value.ptr())) return {};
    if (!py::equal(PyTuple_GET_ITEM(raw, 0), other.value)) return {};
    return py::cat(tuple.name, " is a tuple of one item that equals ", other.name, ": is there a comma at its end?");
}

Answer enum_member(const Side& member, const Side& other) {
    if (!py::is_instance_if_imported(member.value, "enum", "Enum"_n)) return {};
    if (py::is_instance_if_imported(other.value, "enum", "Enum"_n)) return {};
    if (!py::equal(py::get(member.value, "value"_n), other.value)) return {};
    return py::cat(member.name, " is the member ", member.type(), ".", py::get(member.value, "name"_n),
                   " of an enum, whose value equals ", other.name);
}

Answer datetimes(const Side& left, const Side& right) {
    auto is_time = [](handle value) { return py::is_instance_if_imported(value, "datetime", "datetime"_n); };
    auto is_date = [](handle value) { return py::is_instance_if_imported(value, "datetime", "date"_n); };
    if (!is_date(left.value) || !is_date(right.value)) return {};
    if (is_time(left.value) != is_time(right.value))
        return is_time(left.value) ? "left is a datetime and right a date" : "left is a date and right a datetime";
    if (!is_time(left.value)) return {};
    bool left_naive = py::is_none(py::call_method(left.value, "utcoffset"_n));
    bool right_naive = py::is_none(py::call_method(right.value, "utcoffset"_n));
    if (left_naive == right_naive) return {};
    return left_naive ? "left is a naive datetime (without time zone) and right an aware one"
                      : "left is an aware datetime and right a naive one (without time zone)";
}

// --- numbers ----------------------------------------------------------------------------------

bool is_number(handle value) { return PyFloat_Check(value.ptr()) || PyLong_Check(value.ptr()); }

Answer not_a_number(const Side& left, const Side& right) {
    for (const Side& side : {left, right})
        if (PyFloat_Check(side.value.ptr()) && std::isnan(PyFloat_AS_DOUBLE(side.value.ptr())))
            return py::cat(side.name, " is nan, which equals nothing, not even itself: use math.isnan");
    return {};
}

Answer nearly_equal(const Side& left, const Side& right) {
    if (!is_number(left.value) || !is_number(right.value)) return {};
    if (!PyFloat_Check(left.value.ptr()) && !PyFloat_Check(right.value.ptr())) return {};
    double a = py::to_double(left.value), b = py::to_double(right.value);
    bool near = a != b && std::abs(a - b) <= std::max(1e-6 * std::abs(b), 1e-12);
    return near ? "left and right are nearly equal floats: compare with pytest.approx" : Answer();
}

// --- texts ------------------------------------------------------------------------------------

object without(handle text, const char* characters) {
    object result = py::borrow(text), nothing = py::str("");
    for (const char* at = characters; *at;) {
        std::size_t size = static_cast<unsigned char>(*at) < 0x80 ? 1 : static_cast<unsigned char>(*at) < 0xE0 ? 2 : 3;
        result = py::check(PyUnicode_Replace(result.ptr(), py::str({at, size}).ptr(), nothing.ptr(), -1));
        at += size;
    }
    return result;
}

object words_of(handle text) { return py::call_method(text, "split"_n); }

Answer similar_texts(const Side& left, const Side& right) {
    if (!is_small_text(left.value) || !is_small_text(right.value)) return {};
    auto same = [&](auto&& form) { return py::equal(form(left.value), form(right.value)); };
    if (same([](handle text) { return py::call_method(text, "splitlines"_n); }))
        return "left and right differ in the ends of their lines only";
    if (same([](handle text) { return py::call_method(text, "strip"_n); }))
        return "left and right differ in white space at the beginning or end only";
    if (same(words_of)) return "left and right differ in white space only";
    if (same([](handle text) { return py::call_method(text, "casefold"_n); }))
        return "left and right differ in upper and lower case only";
    if (PyUnicode_IS_ASCII(left.value.ptr()) && PyUnicode_IS_ASCII(right.value.ptr())) return {};
    if (same([](handle text) { return without(text, "\u200B\u200C\u200D\u2060\uFEFF\u00AD"); }))
        return "left and right differ in invisible characters only";
    object normalize = py::lookup("unicodedata", "normalize"_n);
    for (const char* name : {"NFC", "NFKC"})
        if (object form = py::str(name); same([&](handle text) { return py::call(normalize, form, text); }))
            return "left and right are the same text, composed of other characters: unicodedata.normalize them";
    return {};
}

constexpr Question kAboutEquality[] = {
    either_way<never_ran>,
    not_a_number,
    nearly_equal,
    similar_texts,
    either_way<same_text>,
    either_way<lazy>,
    either_way<one_in_tuple>,
    other_container,
    datetimes,
    either_way<enum_member>,
};

// --- other operators --------------------------------------------------------------------------

Answer equal_not_same(const Side& left, const Side& right) {
    return py::equal(left.value, right.value) ? "left and right are equal, but not the same object: compare with =="
                                              : "";
}

Answer nearly_in_text(const Side& part, const Side& whole) {
    if (!is_small_text(part.value) || !is_small_text(whole.value)) return {};
    auto folded = [](handle text) { return py::call_method(text, "casefold"_n); };
    if (py::contains(folded(whole.value), folded(part.value))) return "left is in right in other upper or lower case";
    auto spaced = [](handle text) { return py::check(PyUnicode_Join(py::str(" ").ptr(), words_of(text).ptr())); };
    if (py::contains(spaced(whole.value), spaced(part.value))) return "left is in right with other white space";
    return {};
}

Answer nearly_in(const Side& item, const Side& container) {
    PyObject* raw = container.value.ptr();
    if (PyUnicode_Check(raw)) return nearly_in_text(item, container);
    if (PyDict_Check(raw)) {
        if (py::length(container.value) > kMostItems) return {};
        object values = py::steal(PyDict_Values(raw));
        if (py::contains(values, item.value)) return "left is a value of right, not a key";
    } else if (!PyAnySet_Check(raw) && !is_row(container.value)) {
        return {};
    }
    if (py::length(container.value) > kMostItems) return {};
    for (object one : py::each(py::to_list(container.value))) {
        Side other{"an item of right", one};
        if (Answer answer = either_way<same_text>(item, other); !answer.empty()) return answer;
        if (Answer answer = nearly_equal(item, other); !answer.empty())
            return "an item of right is nearly equal to left";
    }
    return {};
}

// --- asking -----------------------------------------------------------------------------------

Answer ask(Question question, handle left, handle right) {
    try {
        return question({"left", left}, {"right", right});
    } catch (nb::python_error& error) {
        if (error.matches(PyExc_KeyboardInterrupt)) throw;
        return {};
    }
}

Answer ask_about_equality(handle left, handle right) {
    for (Question question : kAboutEquality)
        if (Answer answer = ask(question, left, right); !answer.empty()) return answer;
    return {};
}

/// What is wrong with the values at the paths, each thing once, with the first path.
void ask_about_paths(const DifferingPaths& paths, std::vector<std::string>& lines) {
    std::vector<Answer> given;
    std::size_t looks = 0;
    for (const Difference& difference : paths.differences) {
        if (difference.kind != Difference::Kind::kUnequal || difference.path.empty()) continue;
        if (lines.size() >= kMostLines || ++looks > kMostLooks) return;
        Answer answer = ask_about_equality(difference.left, difference.right);
        if (answer.empty() || std::find(given.begin(), given.end(), answer) != given.end()) continue;
        given.push_back(answer);
        lines.push_back(difference.path + ": " + answer);
    }
}

/// `[1]` for `['1']`, and the other way round.
std::string other_spelling(const std::string& path) {
    std::size_t key = path.rfind('[') + 1;
    if (key == 0 || !path.ends_with(']')) return {};
    std::string_view text = std::string_view(path).substr(key, path.size() - key - 1);
    bool is_str = text.size() > 1 && text.starts_with('\'') && text.ends_with('\'');
    if (is_str) return py::cat(path.substr(0, key), text.substr(1, text.size() - 2), "]");
    return py::cat(path.substr(0, key), "'", text, "']");
}

/// `{1: x} == {"1": x}`, as after a way through JSON.
Answer same_keys(const DifferingPaths& paths) {
    std::set<std::string_view> right;
    for (const Difference& difference : paths.differences)
        if (difference.kind == Difference::Kind::kOnlyRight) right.insert(difference.path);
    for (const Difference& difference : paths.differences) {
        if (difference.kind != Difference::Kind::kOnlyLeft) continue;
        if (std::string other = other_spelling(difference.path); right.contains(other))
            return py::cat(difference.path, " and ", other, ": keys of the same text, one of them a str");
    }
    return {};
}

}  // namespace

std::vector<std::string> likely_mistakes(std::string_view operation, handle left, handle right,
                                         const DifferingPaths& paths) {
    std::vector<std::string> lines;
    Answer answer;
    if (operation == "==") answer = ask_about_equality(left, right);
    if (operation == "is") answer = ask(equal_not_same, left, right);
    if (operation == "in") answer = ask(nearly_in, left, right);
    if (!answer.empty()) lines.push_back(answer);
    if (operation != "==" || !answer.empty()) return lines;
    if (answer = same_keys(paths); !answer.empty()) lines.push_back(answer);
    ask_about_paths(paths, lines);
    return lines;
}

}  // namespace fastest::explain
