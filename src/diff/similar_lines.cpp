#include "diff/similar_lines.h"

#include <algorithm>

namespace fastest::diff {
namespace {

constexpr double kSimilar = 0.75,
                 kBelow = 0.74;        // difflib looks for pairs above the second, and takes those from the first on
constexpr std::size_t kMostWords = 4;  // of bits, for the lengths of subsequences: longer lines do without
constexpr std::size_t kMostKnown = 1 << 20;

}  // namespace

std::uint32_t& SimilarLines::Alphabet::place(char32_t c) {
    return c < std::size(ascii_) ? ascii_[c] : others_.emplace(c, kUnknown).first->second;
}

void SimilarLines::Alphabet::add(const std::u32string& line) {
    for (char32_t c : line) {
        std::uint32_t& number = place(c);
        if (number != kUnknown) continue;
        number = static_cast<std::uint32_t>(junk_.size());
        junk_.push_back(c == U' ' || c == U'\t');
    }
}

Sequence SimilarLines::Alphabet::numbered(const std::u32string& line) {
    Sequence numbers;
    numbers.reserve(line.size());
    for (char32_t c : line) numbers.push_back(place(c));
    return numbers;
}

SimilarLines::SimilarLines(const std::vector<std::u32string>& a, const std::vector<std::u32string>& b,
                           const Sequence& a_ids, const Sequence& b_ids, std::size_t count)
    : a_ids_(a_ids), b_ids_(b_ids), lines_(count), places_(count), rows_(count), seen_(count, 0), matcher_({}) {
    for (std::size_t i = 0; i < a.size(); ++i) {
        alphabet_.add(a[i]);
        lines_[a_ids[i]].text = &a[i];
        places_[a_ids[i]].push_back(i);
    }
    for (std::size_t j = 0; j < b.size(); ++j) {
        alphabet_.add(b[j]);
        lines_[b_ids[j]].text = &b[j];
    }
    matcher_ = SequenceMatcher(alphabet_.junk());
    b_counts_.resize(alphabet_.junk().size(), 0);
}

const SimilarLines::Line& SimilarLines::line(std::uint32_t id) {
    Line& line = lines_[id];
    if (line.is_read) return line;
    line.is_read = true;
    line.characters = alphabet_.numbered(*line.text);
    Sequence sorted = line.characters;
    std::sort(sorted.begin(), sorted.end());
    for (std::uint32_t element : sorted) {
        if (line.counts.empty() || line.counts.back().element != element) line.counts.push_back({element, 0});
        ++line.counts.back().count;
    }
    return line;
}

std::size_t SimilarLines::matches(std::uint32_t a, std::uint32_t b) {
    std::uint64_t key = (static_cast<std::uint64_t>(a) << 32) | b;
    if (auto found = known_.find(key); found != known_.end()) return found->second;
    matcher_.set_first(line(a).characters);
    std::size_t count = matcher_.matches();
    if (known_.size() < kMostKnown) known_.emplace(key, static_cast<std::uint32_t>(count));
    return count;
}

std::size_t SimilarLines::common_characters(const Line& a) const {
    std::size_t common = 0;
    for (const Count& count : a.counts) common += std::min(count.count, b_counts_[count.element]);
    return common;
}

/// The length of the longest common subsequence. Source: Crochemore et al., "A fast and practical bit-vector algorithm
/// for the longest common subsequence problem", Information Processing Letters 80 (2001).
std::size_t SimilarLines::common_subsequence(const Line& a) const {
    std::uint64_t rows[kMostWords];
    std::fill_n(rows, mask_words_, ~std::uint64_t{0});
    for (std::uint32_t element : a.characters) {
        const std::uint64_t* mask = &b_masks_[element * mask_words_];
        std::uint64_t carry = 0;
        for (std::size_t word = 0; word < mask_words_; ++word) {
            std::uint64_t row = rows[word], hit = row & mask[word];
            std::uint64_t sum = row + hit, with_carry = sum + carry;
            carry = (sum < row) | (with_carry < sum);
            rows[word] = with_carry | (row & ~mask[word]);
        }
    }
    std::size_t ones = 0;
    for (std::size_t word = 0; word < mask_words_; ++word)
        ones += static_cast<std::size_t>(__builtin_popcountll(~rows[word]));
    return ones;
}

void SimilarLines::look_for(std::uint32_t id, Row& row) {
    const Line& b = line(id);
    std::size_t b_size = b.characters.size();
    for (const Count& count : b.counts) b_counts_[count.element] = count.count;
    mask_words_ = (b_size + 63) / 64;
    bool bounded = mask_words_ <= kMostWords;
    if (bounded) {
        b_masks_.assign(b_counts_.size() * mask_words_, 0);
        for (std::size_t i = 0; i < b_size; ++i)
            b_masks_[b.characters[i] * mask_words_ + i / 64] |= std::uint64_t{1} << (i % 64);
    }
    matcher_.set_second(b.characters);
    row.ratio = kBelow;
    ++look_;
    for (std::size_t i = row.a_begin; i < row.a_end; ++i) {
        std::uint32_t other = a_ids_[i];
        if (other == id || seen_[other] == look_) continue;
        seen_[other] = look_;
        const Line& a = line(other);
        std::size_t size = a.characters.size() + b_size;
        auto may = [&](std::size_t most) { return similarity(most, size) > row.ratio; };
        if (!may(std::min(a.characters.size(), b_size)) || !may(common_characters(a)) ||
            (bounded && !may(common_subsequence(a))))
            continue;
        if (double ratio = similarity(matches(other, id), size); ratio > row.ratio) {
            row.ratio = ratio;
            row.a = i;
        }
    }
    for (const Count& count : b.counts) b_counts_[count.element] = 0;
}

const SimilarLines::Row& SimilarLines::row(std::uint32_t id, std::size_t a_begin, std::size_t a_end) {
    Row& row = rows_[id];
    bool covers = row.a_begin < row.a_end && row.a_begin <= a_begin && a_end <= row.a_end;
    if (covers && (row.ratio < kSimilar || (a_begin <= row.a && row.a < a_end))) return row;
    row.a_begin = a_begin;
    row.a_end = a_end;
    look_for(id, row);
    return row;
}

std::optional<SimilarLines::Pair> SimilarLines::equal_pair(const Range& range) const {
    for (std::size_t j = range.b_begin; j < range.b_end; ++j) {
        const std::vector<std::size_t>& places = places_[b_ids_[j]];
        auto first = std::lower_bound(places.begin(), places.end(), range.a_begin);
        if (first != places.end() && *first < range.a_end) return Pair{*first, j, true};
    }
    return std::nullopt;
}

std::optional<SimilarLines::Pair> SimilarLines::most_similar(const Range& range) {
    double best = kBelow;
    Pair pair{0, 0, false};
    for (std::size_t j = range.b_begin; j < range.b_end; ++j) {
        const Row& found = row(b_ids_[j], range.a_begin, range.a_end);
        if (found.ratio < kSimilar || !(found.ratio > best)) continue;
        best = found.ratio;
        pair = {found.a, j, false};
    }
    return best < kSimilar ? equal_pair(range) : pair;
}

bool SimilarLines::is_feasible(const Range& range) {
    std::size_t a_count = range.a_end - range.a_begin, b_count = range.b_end - range.b_begin;
    constexpr std::size_t kFew = 1000, kSamples = 1000;
    if (a_count < kFew && b_count < kFew) return true;
    // Microseconds of difflib on a present machine: for a pair, a character of those whose lengths are near, and of
    // those that have enough characters in common.
    constexpr double kPair = 0.5, kCounted = 0.1, kCompared = 1, kQuarter = 900e6;
    double cost = 0;
    std::uint64_t state = 1;  // the same sample each time. Source of the numbers: Knuth's MMIX
    auto draw = [&](std::size_t count) {
        state = state * 6364136223846793005 + 1442695040888963407;
        return static_cast<std::size_t>((state >> 33) % count);
    };
    for (std::size_t sample = 0; sample < kSamples; ++sample) {
        const Line& a = line(a_ids_[range.a_begin + draw(a_count)]);
        const Line& b = line(b_ids_[range.b_begin + draw(b_count)]);
        std::size_t size = a.characters.size() + b.characters.size();
        cost += kPair;
        if (!(similarity(std::min(a.characters.size(), b.characters.size()), size) > kBelow)) continue;
        cost += kCounted * static_cast<double>(a.characters.size());
        for (const Count& count : b.counts) b_counts_[count.element] = count.count;
        bool compared = similarity(common_characters(a), size) > kBelow;
        for (const Count& count : b.counts) b_counts_[count.element] = 0;
        if (compared) cost += kCompared * static_cast<double>(a.characters.size());
    }
    return cost / kSamples * static_cast<double>(a_count) * static_cast<double>(b_count) < kQuarter;
}

}  // namespace fastest::diff
