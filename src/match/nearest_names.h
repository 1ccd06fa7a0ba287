#pragma once
// The names that somebody may have meant who wrote one that does not exist.
//
// Names are compared by the number of letters that are added, left out, changed or swapped with their neighbour
// (optimal string alignment); another case of a letter is half a change. A name is near when about a third of its
// letters would have to change, or when it has the same words in another order. Texts are UTF-8.

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace fastest::match {

class NearestNames {
public:
    explicit NearestNames(std::string_view wanted);

    /// Considers a name. Long ones, the wanted one itself, and all after 10,000 are passed over; those with a leading
    /// underscore, too, unless the wanted one has it.
    void offer(std::string_view candidate);
    /// At most three, nearest first, then in alphabetical order; none that is a letter farther than the first.
    std::vector<std::string> found() const;

private:
    struct Found {
        std::size_t distance;
        std::string name;
        auto operator<=>(const Found&) const = default;
    };

    std::string wanted_;
    std::u32string letters_;
    std::vector<std::string> words_;
    std::size_t offered_ = 0;
    std::set<Found> found_;
};

/// How far two names are from each other, two for each letter; more than `most` is given as `most + 1`.
std::size_t name_distance(std::u32string_view left, std::u32string_view right, std::size_t most);

}  // namespace fastest::match
