#pragma once
// Line diffs in the form of Python's `difflib.ndiff`: "- ", "+ ", "  " and the "? " lines that point into similar
// lines.

#include <string>
#include <vector>

namespace fastest::diff {

/// Which lines of a replaced block are shown as changed into each other. Python's releases differ.
enum class Pairing {
    kMostSimilar,  // the most similar pair of all first, then those before and after it
    kNearby,       // for each new line the most similar old line within ten places
};

/// Lines as they are given, with or without line ends; "? " lines end with a newline.
std::vector<std::u32string> ndiff(const std::vector<std::u32string>& a, const std::vector<std::u32string>& b,
                                  Pairing pairing);

}  // namespace fastest::diff
