#pragma once
// Matching blocks of two sequences: Ratcliff and Obershelp's "gestalt" matching as Python's difflib documents it
// (longest matching block first, then left and right of it; junk elements never start a block; very common elements of
// long sequences are ignored). Elements are numbers: code points of a line, or ids of lines.

#include <cstdint>
#include <unordered_map>
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
    /// Whether blanks and tabs are junk.
    explicit SequenceMatcher(bool blanks_are_junk) : blanks_are_junk_(blanks_are_junk) {}

    /// The sequences must live as long as the matcher uses them.
    void set_first(const Sequence& a) { a_ = &a; }
    void set_second(const Sequence& b);

    /// Upper bounds of `ratio`, cheaper and cheapest.
    double quick_ratio();
    double real_quick_ratio() const;
    /// 2 * matches / length of both; 1 when both are empty.
    double ratio();

    /// Ascending and merged, without the empty block at the end.
    std::vector<Block> matching_blocks();
    std::vector<Operation> operations();

private:
    bool is_junk(std::uint32_t element) const { return blanks_are_junk_ && (element == ' ' || element == '\t'); }
    void index_second();
    Block longest(std::size_t a_begin, std::size_t a_end, std::size_t b_begin, std::size_t b_end);

    bool blanks_are_junk_;
    const Sequence* a_ = nullptr;
    const Sequence* b_ = nullptr;
    bool indexed_ = false, counted_ = false;
    std::unordered_map<std::uint32_t, std::vector<std::size_t>>
        places_;                                             // of b's elements, without junk and common ones
    std::unordered_map<std::uint32_t, std::size_t> counts_;  // of b's elements
    std::vector<std::size_t> lengths_, next_lengths_;        // of runs that end at b[j]
};

}  // namespace fastest::diff
