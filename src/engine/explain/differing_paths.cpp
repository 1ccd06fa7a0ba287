#include "engine/explain/differing_paths.h"

#include <algorithm>
#include <optional>
#include <set>

#include "engine/explain/compare.h"
#include "engine/explain/saferepr.h"

namespace fastest::explain {

using py::handle;
using py::object;
using namespace py::literals;

namespace {

constexpr std::size_t kMostCompared = 100'000, kMostPairs = 400'000, kMostKept = 1'000, kMostDepth = 100;
constexpr std::size_t kMostItemsOfSets = 1'000;

enum class Shape { kValue, kDict, kList, kTuple, kSet, kNamedTuple, kDataclass, kAttrs };

bool compares_as(handle value, PyTypeObject& type) {
    return PyObject_TypeCheck(value.ptr(), &type) && Py_TYPE(value.ptr())->tp_richcompare == type.tp_richcompare;
}

/// What a value is as long as its equality is that of its parts.
Shape shape_of(handle value) {
    if (compares_as(value, PyDict_Type)) return Shape::kDict;
    if (compares_as(value, PyList_Type)) return Shape::kList;
    if (compares_as(value, PyTuple_Type)) return is_namedtuple(value) ? Shape::kNamedTuple : Shape::kTuple;
    if (compares_as(value, PySet_Type) || compares_as(value, PyFrozenSet_Type)) return Shape::kSet;
    PyTypeObject* type = Py_TYPE(value.ptr());
    if (PyType_Check(value.ptr()) || type->tp_richcompare == PyBaseObject_Type.tp_richcompare) return Shape::kValue;
    handle of_type = py::type_of(value);
    if (py::has(of_type, "__dataclass_fields__"_n)) return has_default_eq(value) ? Shape::kDataclass : Shape::kValue;
    if (py::has(of_type, "__attrs_attrs__"_n)) return has_default_eq(value) ? Shape::kAttrs : Shape::kValue;
    return Shape::kValue;
}

/// The names of the fields that take part in comparisons.
std::vector<object> field_names(handle value, Shape shape) {
    std::vector<object> names;
    if (shape == Shape::kNamedTuple) {
        for (object name : py::each(py::get(value, "_fields"_n))) names.push_back(name);
        return names;
    }
    bool is_attrs_class = shape == Shape::kAttrs;
    object fields =
        is_attrs_class ? py::get(value, "__attrs_attrs__"_n) : py::call(py::lookup("dataclasses", "fields"_n), value);
    for (object field : py::each(fields))
        if (py::truth(py::get(field, is_attrs_class ? "eq"_n : "compare"_n))) names.push_back(py::get(field, "name"_n));
    return names;
}

std::string key_path(const std::string& path, handle key) { return py::cat(path, "[", safe_repr(key, 40), "]"); }

class Walk {
public:
    explicit Walk(DifferingPaths& found) : found_(found) {}

    void pair(const std::string& path, handle left, handle right, std::size_t depth) {
        if (is_full()) return;
        ++pairs_;
        try {
            walk(path, left, right, depth);
        } catch (nb::python_error& error) {
            if (error.matches(PyExc_KeyboardInterrupt)) throw;
            ++found_.compared;
            keep({Difference::Kind::kFailed, path, py::borrow(error.value()), {}});
        }
    }

private:
    using Pair = std::pair<PyObject*, PyObject*>;

    /// A pair that is being walked.
    class Entered {
    public:
        Entered(std::set<Pair>& open, Pair pair) : open_(open), pair_(pair), is_new_(open.insert(pair).second) {}
        ~Entered() {
            if (is_new_) open_.erase(pair_);
        }
        Entered(const Entered&) = delete;
        Entered& operator=(const Entered&) = delete;
        bool is_new() const { return is_new_; }

    private:
        std::set<Pair>& open_;
        Pair pair_;
        bool is_new_;
    };

    bool is_full() {
        if (found_.compared < kMostCompared && pairs_ < kMostPairs) return false;
        found_.complete = false;
        return true;
    }

    void keep(Difference difference) {
        ++found_.different;
        if (found_.differences.size() < kMostKept) found_.differences.push_back(std::move(difference));
    }

    void only(Difference::Kind kind, const std::string& path, handle value) {
        ++found_.compared;
        keep({kind, path, py::borrow(value), py::borrow(value)});
    }

    void value(const std::string& path, handle left, handle right) {
        bool same = py::equal(left, right);
        ++found_.compared;
        if (!same) keep({Difference::Kind::kUnequal, path, py::borrow(left), py::borrow(right)});
    }

    void walk(const std::string& path, handle left, handle right, std::size_t depth) {
        Shape shape = shape_of(left), other = shape_of(right);
        if (depth && (shape != Shape::kValue || other != Shape::kValue)) found_.nested = true;
        bool has_fields = shape == Shape::kDataclass || shape == Shape::kAttrs || shape == Shape::kNamedTuple;
        bool together = shape == other && shape != Shape::kValue && depth < kMostDepth &&
                        (!has_fields || py::type_of(left).is(py::type_of(right)));
        if (!together) return value(path, left, right);
        Entered entered(open_, {left.ptr(), right.ptr()});
        if (!entered.is_new()) return;
        switch (shape) {
            case Shape::kDict:
                return dicts(path, left, right, depth);
            case Shape::kSet:
                return sets(path, left, right);
            case Shape::kList:
            case Shape::kTuple:
                return sequences(path, py::to_tuple(left), py::to_tuple(right), depth);
            default:
                return fields(path, left, right, depth, shape);
        }
    }

    void fields(const std::string& path, handle left, handle right, std::size_t depth, Shape shape) {
        for (const object& name : field_names(left, shape)) {
            if (is_full()) return;
            pair(py::cat(path, ".", name), py::get(left, name), py::get(right, name), depth + 1);
        }
    }

    void dicts(const std::string& path, handle left, handle right, std::size_t depth) {
        object left_copy = py::check(PyDict_Copy(left.ptr())), right_copy = py::check(PyDict_Copy(right.ptr()));
        for (object key : py::each(left_copy)) {
            if (is_full()) return;
            object mine = py::dict_get(left_copy, key), theirs = py::dict_get(right_copy, key);
            if (!mine.is_valid()) continue;  // a key that does not equal itself
            if (theirs.is_valid())
                pair(key_path(path, key), mine, theirs, depth + 1);
            else
                only(Difference::Kind::kOnlyLeft, key_path(path, key), mine);
        }
        for (object key : py::each(right_copy)) {
            if (is_full()) return;
            object theirs = py::dict_get(right_copy, key);
            if (theirs.is_valid() && !py::dict_get(left_copy, key).is_valid())
                only(Difference::Kind::kOnlyRight, key_path(path, key), theirs);
        }
    }

    static bool equal_or_failing(handle left, handle right) {
        int equal = PyObject_RichCompareBool(left.ptr(), right.ptr(), Py_EQ);
        if (equal >= 0) return equal;
        nb::python_error error;
        if (error.matches(PyExc_KeyboardInterrupt)) throw error;
        return false;
    }

    /// How many items are equal at the ends, where one has more items than the other.
    static Py_ssize_t equal_at_end(handle left, handle right) {
        Py_ssize_t left_size = PyTuple_GET_SIZE(left.ptr()), right_size = PyTuple_GET_SIZE(right.ptr());
        Py_ssize_t shorter = std::min(left_size, right_size), count = 0, begin = 0;
        if (left_size == right_size) return 0;
        auto same = [&](Py_ssize_t i, Py_ssize_t j) {
            return equal_or_failing(PyTuple_GET_ITEM(left.ptr(), i), PyTuple_GET_ITEM(right.ptr(), j));
        };
        while (begin < shorter && same(begin, begin)) ++begin;
        while (count < shorter - begin && same(left_size - 1 - count, right_size - 1 - count)) ++count;
        return count;
    }

    /// Both are tuples that nobody else has.
    void sequences(const std::string& path, const object& left, const object& right, std::size_t depth) {
        Py_ssize_t end = equal_at_end(left, right);
        Py_ssize_t left_size = PyTuple_GET_SIZE(left.ptr()) - end, right_size = PyTuple_GET_SIZE(right.ptr()) - end;
        for (Py_ssize_t i = 0; i < std::max(left_size, right_size) && !is_full(); ++i) {
            std::string here = py::cat(path, "[", i, "]");
            if (i >= left_size)
                only(Difference::Kind::kOnlyRight, here, PyTuple_GET_ITEM(right.ptr(), i));
            else if (i >= right_size)
                only(Difference::Kind::kOnlyLeft, here, PyTuple_GET_ITEM(left.ptr(), i));
            else
                pair(here, PyTuple_GET_ITEM(left.ptr(), i), PyTuple_GET_ITEM(right.ptr(), i), depth + 1);
        }
        for (Py_ssize_t i = 0; i < end && !is_full(); ++i)
            pair({}, PyTuple_GET_ITEM(left.ptr(), left_size + i), PyTuple_GET_ITEM(right.ptr(), right_size + i),
                 depth + 1);
    }

    /// The items of one set that are not in the other, in the order of their texts. Gives how many are in both.
    std::size_t items_of_one(Difference::Kind kind, const std::string& path, handle one, handle other) {
        std::vector<std::pair<std::string, object>> shown;
        std::size_t common = 0;
        for (object item : py::each(py::to_list(one))) {
            if (py::contains(other, item))
                ++common;
            else if (shown.size() < kMostItemsOfSets)
                shown.emplace_back(py::text(safe_repr(item, 240)), item);
        }
        std::stable_sort(shown.begin(), shown.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
        for (const auto& [text, item] : shown) only(kind, path, item);
        return common;
    }

    /// The items have no paths of their own.
    void sets(const std::string& path, handle left, handle right) {
        found_.compared += items_of_one(Difference::Kind::kOnlyLeft, path, left, right);
        items_of_one(Difference::Kind::kOnlyRight, path, right, left);
    }

    DifferingPaths& found_;
    std::size_t pairs_ = 0;
    std::set<Pair> open_;
};

// --- lines ------------------------------------------------------------------------------------

object shown(handle value, long long verbose) {
    if (verbose > 1) return safe_repr_unlimited(value, false);
    return safe_repr(value, verbose == 1 ? 240 : 60);
}

std::string class_path(handle value) {
    handle type = py::type_of(value);
    return py::cat(py::get(type, "__module__"_n), ".", py::get(type, "__qualname__"_n));
}

/// Texts that are the same for long are shown from a little before the place where they differ.
Py_ssize_t common_beginning(handle left, handle right, long long verbose) {
    if (verbose > 1 || !PyUnicode_CheckExact(left.ptr()) || !PyUnicode_CheckExact(right.ptr())) return 0;
    Py_ssize_t left_size = PyUnicode_GET_LENGTH(left.ptr()), right_size = PyUnicode_GET_LENGTH(right.ptr()), same = 0;
    if (std::max(left_size, right_size) < 50) return 0;
    while (same < std::min(left_size, right_size) &&
           PyUnicode_READ_CHAR(left.ptr(), same) == PyUnicode_READ_CHAR(right.ptr(), same))
        ++same;
    return same > 20 ? same - 10 : 0;
}

object unequal_line(const Difference& difference, handle highlighter, long long verbose) {
    object left = difference.left, right = difference.right;
    std::string path = difference.path;
    if (Py_ssize_t same = common_beginning(left, right, verbose)) {
        left = py::check(PySequence_GetSlice(left.ptr(), same, PY_SSIZE_T_MAX));
        right = py::check(PySequence_GetSlice(right.ptr(), same, PY_SSIZE_T_MAX));
        path += py::cat("[", same, ":]");
    }
    object left_text = shown(left, verbose), right_text = shown(right, verbose);
    std::string types;
    if (py::equal(left_text, right_text)) types = py::cat(" (", class_path(left), " and ", class_path(right), ")");
    return py::strcat(path, ": ", highlight(highlighter, left_text), " != ", highlight(highlighter, right_text), types);
}

object line_of(const Difference& difference, handle highlighter, long long verbose) {
    auto value = [&] { return highlight(highlighter, shown(difference.left, verbose)); };
    switch (difference.kind) {
        case Difference::Kind::kOnlyLeft:
            return py::strcat(difference.path, ": only left: ", value());
        case Difference::Kind::kOnlyRight:
            return py::strcat(difference.path, ": only right: ", value());
        case Difference::Kind::kFailed:
            return py::strcat(difference.path, ": cannot be compared: ", safe_repr(difference.left, 60));
        case Difference::Kind::kUnequal:
            break;
    }
    return unequal_line(difference, highlighter, verbose);
}

}  // namespace

DifferingPaths differing_paths(handle left, handle right) {
    DifferingPaths found;
    Walk(found).pair({}, left, right, 0);
    return found;
}

object path_lines(const DifferingPaths& paths, handle highlighter, long long verbose, std::size_t most) {
    object lines = py::new_list();
    py::append(lines,
               py::strcat(paths.different, paths.complete ? " of " : " of the first ", paths.compared,
                          paths.compared == 1 ? " path " : " paths ", paths.different == 1 ? "differs:" : "differ:"));
    for (const Difference& difference : paths.differences) {
        if (most && static_cast<std::size_t>(py::length(lines)) >= most) return lines;
        py::append(lines, line_of(difference, highlighter, verbose));
    }
    if (paths.different > paths.differences.size())
        py::append(lines, py::strcat("... and ", paths.different - paths.differences.size(), " more"));
    return lines;
}

}  // namespace fastest::explain
