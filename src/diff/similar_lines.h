#pragma once
// The most similar lines of two texts, as Python's difflib finds them for its "? " lines.
//
// difflib compares each line of a block with each, again for what is left before and after each pair that it finds. The
// answers are the same here, with fewer questions: a line's best partner stays the best as long as it is in range,
// equal lines are asked about once, and pairs that cannot be similar enough are told by the number of common characters
// and by the length of their longest common subsequence, which are upper bounds of difflib's matches.

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "diff/sequence_matcher.h"

namespace fastest::diff {

class SimilarLines {
public:
    /// Lines with equal ids, which are below `count`, are equal. All must live as long as this.
    SimilarLines(const std::vector<std::u32string>& a, const std::vector<std::u32string>& b, const Sequence& a_ids,
                 const Sequence& b_ids, std::size_t count);

    struct Range {
        std::size_t a_begin, a_end, b_begin, b_end;
    };
    struct Pair {
        std::size_t a, b;
        bool equal;
    };
    /// The most similar pair of lines in a range: the first one in the order of b, then of a, of those with the highest
    /// ratio. An equal pair, which the comparison of lines took for too common, only when none has a ratio of 0.75.
    std::optional<Pair> most_similar(const Range& range);
    /// Whether difflib would find the pairs of a range in a quarter of an hour.
    bool is_feasible(const Range& range);

    /// The characters of a line, in the numbers of `matcher`.
    const Sequence& a_characters(std::size_t line) { return this->line(a_ids_[line]).characters; }
    const Sequence& b_characters(std::size_t line) { return this->line(b_ids_[line]).characters; }
    SequenceMatcher& matcher() { return matcher_; }

private:
    struct Count {
        std::uint32_t element, count;
    };
    /// A line, read when it is first asked about.
    struct Line {
        const std::u32string* text = nullptr;
        bool is_read = false;
        Sequence characters;
        std::vector<Count> counts;
    };
    /// Numbers for all characters of the two texts; blanks and tabs are junk.
    class Alphabet {
    public:
        Alphabet() { std::fill(std::begin(ascii_), std::end(ascii_), kUnknown); }
        void add(const std::u32string& line);
        Sequence numbered(const std::u32string& line);
        const std::vector<char>& junk() const { return junk_; }

    private:
        static constexpr std::uint32_t kUnknown = ~std::uint32_t{0};
        std::uint32_t& place(char32_t c);

        std::uint32_t ascii_[128];
        std::unordered_map<char32_t, std::uint32_t> others_;
        std::vector<char> junk_;
    };
    /// The best partner of a line of b among the lines of a in a range.
    struct Row {
        std::size_t a_begin = 0, a_end = 0;  // empty: not looked for yet
        std::size_t a = 0;
        double ratio = 0;
    };

    const Line& line(std::uint32_t id);
    const Row& row(std::uint32_t id, std::size_t a_begin, std::size_t a_end);
    void look_for(std::uint32_t id, Row& row);
    std::size_t matches(std::uint32_t a, std::uint32_t b);
    std::size_t common_characters(const Line& a) const;
    std::size_t common_subsequence(const Line& a) const;
    std::optional<Pair> equal_pair(const Range& range) const;

    const Sequence &a_ids_, &b_ids_;
    Alphabet alphabet_;
    std::vector<Line> lines_;                       // by id
    std::vector<std::vector<std::size_t>> places_;  // by id, in a
    std::vector<Row> rows_;                         // by id
    std::vector<std::uint32_t> seen_;               // by id: the last look that has met the line
    std::uint32_t look_ = 0;
    std::unordered_map<std::uint64_t, std::uint32_t> known_;  // matches of pairs of ids
    SequenceMatcher matcher_;
    // of the line of b that is looked at, by character
    std::vector<std::uint32_t> b_counts_;
    std::vector<std::uint64_t> b_masks_;
    std::size_t mask_words_ = 0;
};

}  // namespace fastest::diff
