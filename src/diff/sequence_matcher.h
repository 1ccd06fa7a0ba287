#pragma once
// Matching blocks of two sequences: Ratcliff and Obershelp's "gestalt" matching as Python's difflib documents it
// (longest matching block first, then left and right of it; junk elements never start a block; very common elements of
// long sequences are ignored). Elements are small numbers: ids of characters or of lines.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace fastest::diff {

using Sequence = std::vector<std::uint32_t>;

struct Block {
    std::size_t a = 0, b = 0, size = 0;
};

enum class Edit { kEqual, kReplace, kDelete, kInsert };

/// `a[a_begin:a_end]` becomes `b[b_begin:b_end]`.
struct Operation {
    Edit edit;
    std::size_t a_begin, a_end, b_begin, b_end;
};

class SequenceMatcher {
public:
    static constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();

    /// For elements below `junk.size()`; says of each whether it is junk. After `steps` comparisons what has not been
    /// matched stays so.
    explicit SequenceMatcher(std::vector<char> junk, std::size_t steps = kNoLimit);

    /// The sequences must live as long as the matcher uses them.
    void set_first(const Sequence& a) { a_ = &a; }
    void set_second(const Sequence& b);

    /// Upper bounds of `ratio`, cheaper and cheapest.
    double quick_ratio();
    double real_quick_ratio() const;
    /// 2 * matches / length of both; 1 when both are empty.
    double ratio();
    /// How many elements match.
    std::size_t matches();

    /// Ascending and merged, without the empty block at the end.
    std::vector<Block> matching_blocks();
    std::vector<Operation> operations();

private:
    void index_second();
    Block longest(std::size_t a_begin, std::size_t a_end, std::size_t b_begin, std::size_t b_end);

    std::vector<char> junk_;
    std::size_t steps_;
    const Sequence* a_ = nullptr;
    const Sequence* b_ = nullptr;
    bool indexed_ = false;
    std::vector<std::vector<std::uint32_t>> places_;     // of b's elements, without junk and common ones
    std::vector<std::uint32_t> listed_;                  // elements that have places
    std::vector<std::uint32_t> counts_;                  // scratch: all zero between calls
    std::vector<std::uint32_t> lengths_, next_lengths_;  // of runs that end at b[j]
    std::vector<std::uint32_t> touched_, next_touched_;  // j + 1 of the set places in lengths_
};

/// `2 * matches / length`, 1 when there is nothing.
double similarity(std::size_t matches, std::size_t length);

}  // namespace fastest::diff
