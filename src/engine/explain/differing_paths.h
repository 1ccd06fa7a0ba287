#pragma once
// Where nested data differ: the paths to the unequal values in two dicts, lists, tuples, sets, dataclasses, attrs
// classes and named tuples.
//
// Both are walked together as long as they are containers of one kind whose equality is that of their parts; what is
// anything else is compared by its own `==`. Lists of different lengths are put beside each other from the front, and
// what is equal at their ends is left there, so that an item more is one difference. A pair that contains itself counts
// as equal. Errors of users' `__eq__`, `__hash__` and properties make a difference of their own.

#include <string>
#include <vector>

#include "engine/py/object.h"

namespace fastest::explain {

struct Difference {
    enum class Kind { kUnequal, kOnlyLeft, kOnlyRight, kFailed };
    Kind kind;
    std::string path;        // as it would be written behind the name of the whole; empty for the whole
    py::object left, right;  // for kFailed: the error, nothing
};

/// At most 100,000 values are compared, 400,000 pairs visited and 1,000 differences kept.
struct DifferingPaths {
    std::vector<Difference> differences;
    std::size_t different = 0;  // all that were found
    std::size_t compared = 0;
    bool nested = false;   // a container is in a container
    bool complete = true;  // false: there were more values than are compared

    /// Whether the list of paths tells more than the comparison of the whole.
    bool tell_more() const { return different && (nested || compared > 10); }
};
DifferingPaths differing_paths(py::handle left, py::handle right);

/// A list: `3 of 12 paths differ:` and a line for each, at most `most` lines (0: all).
py::object path_lines(const DifferingPaths& paths, py::handle highlighter, long long verbose, std::size_t most);

}  // namespace fastest::explain
