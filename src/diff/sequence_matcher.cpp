#include "diff/sequence_matcher.h"

#include <algorithm>

namespace fastest::diff {
namespace {

constexpr std::size_t kLongSequence = 200;

double share(std::size_t matches, std::size_t length) {
    return length ? 2.0 * static_cast<double>(matches) / static_cast<double>(length) : 1.0;
}

}  // namespace

void SequenceMatcher::set_second(const Sequence& b) {
    b_ = &b;
    indexed_ = counted_ = false;
}

void SequenceMatcher::index_second() {
    if (indexed_) return;
    indexed_ = true;
    places_.clear();
    const Sequence& b = *b_;
    for (std::size_t j = 0; j < b.size(); ++j)
        if (!is_junk(b[j])) places_[b[j]].push_back(j);
    if (b.size() >= kLongSequence) {
        std::size_t most = b.size() / 100 + 1;
        std::erase_if(places_, [&](const auto& entry) { return entry.second.size() > most; });
    }
    lengths_.assign(b.size() + 1, 0);
    next_lengths_.assign(b.size() + 1, 0);
}

double SequenceMatcher::real_quick_ratio() const { return share(std::min(a_->size(), b_->size()), a_->size() + b_->size()); }

double SequenceMatcher::quick_ratio() {
    if (!counted_) {
        counted_ = true;
        counts_.clear();
        for (std::uint32_t element : *b_) ++counts_[element];
    }
    std::unordered_map<std::uint32_t, std::size_t> used;
    std::size_t matches = 0;
    for (std::uint32_t element : *a_) {
        auto found = counts_.find(element);
        if (found == counts_.end()) continue;
        if (used[element]++ < found->second) ++matches;
    }
    return share(matches, a_->size() + b_->size());
}

double SequenceMatcher::ratio() {
    std::size_t matches = 0;
    for (const Block& block : matching_blocks()) matches += block.size;
    return share(matches, a_->size() + b_->size());
}

Block SequenceMatcher::longest(std::size_t a_begin, std::size_t a_end, std::size_t b_begin, std::size_t b_end) {
    const Sequence &a = *a_, &b = *b_;
    Block best{a_begin, b_begin, 0};
    std::vector<std::size_t> touched, next_touched;  // j + 1 of the set places in lengths_
    for (std::size_t i = a_begin; i < a_end; ++i) {
        next_touched.clear();
        if (auto found = places_.find(a[i]); found != places_.end()) {
            const std::vector<std::size_t>& places = found->second;
            for (auto j = std::lower_bound(places.begin(), places.end(), b_begin); j != places.end() && *j < b_end; ++j) {
                std::size_t length = lengths_[*j] + 1;  // lengths_[j] is the run that ended at j - 1
                next_lengths_[*j + 1] = length;
                next_touched.push_back(*j + 1);
                if (length > best.size) best = {i + 1 - length, *j + 1 - length, length};
            }
        }
        for (std::size_t place : touched) lengths_[place] = 0;
        lengths_.swap(next_lengths_);
        touched.swap(next_touched);
    }
    for (std::size_t place : touched) lengths_[place] = 0;
    // Common elements may widen the block, then junk may.
    for (bool junk : {false, true}) {
        while (best.a > a_begin && best.b > b_begin && is_junk(b[best.b - 1]) == junk && a[best.a - 1] == b[best.b - 1])
            --best.a, --best.b, ++best.size;
        while (best.a + best.size < a_end && best.b + best.size < b_end && is_junk(b[best.b + best.size]) == junk &&
               a[best.a + best.size] == b[best.b + best.size])
            ++best.size;
    }
    return best;
}

std::vector<Block> SequenceMatcher::matching_blocks() {
    index_second();
    struct Range {
        std::size_t a_begin, a_end, b_begin, b_end;
    };
    std::vector<Range> open{{0, a_->size(), 0, b_->size()}};
    std::vector<Block> found;
    while (!open.empty()) {
        Range range = open.back();
        open.pop_back();
        Block block = longest(range.a_begin, range.a_end, range.b_begin, range.b_end);
        if (!block.size) continue;
        found.push_back(block);
        if (range.a_begin < block.a && range.b_begin < block.b) open.push_back({range.a_begin, block.a, range.b_begin, block.b});
        if (block.a + block.size < range.a_end && block.b + block.size < range.b_end)
            open.push_back({block.a + block.size, range.a_end, block.b + block.size, range.b_end});
    }
    std::sort(found.begin(), found.end(), [](const Block& left, const Block& right) {
        return left.a != right.a ? left.a < right.a : left.b < right.b;
    });
    std::vector<Block> merged;
    for (const Block& block : found) {
        bool touches = !merged.empty() && merged.back().a + merged.back().size == block.a &&
                       merged.back().b + merged.back().size == block.b;
        if (touches)
            merged.back().size += block.size;
        else
            merged.push_back(block);
    }
    return merged;
}

std::vector<Operation> SequenceMatcher::operations() {
    std::vector<Operation> result;
    std::size_t a = 0, b = 0;
    std::vector<Block> blocks = matching_blocks();
    blocks.push_back({a_->size(), b_->size(), 0});
    for (const Block& block : blocks) {
        if (a < block.a && b < block.b)
            result.push_back({Edit::kReplace, a, block.a, b, block.b});
        else if (a < block.a)
            result.push_back({Edit::kDelete, a, block.a, b, block.b});
        else if (b < block.b)
            result.push_back({Edit::kInsert, a, block.a, b, block.b});
        a = block.a + block.size;
        b = block.b + block.size;
        if (block.size) result.push_back({Edit::kEqual, block.a, a, block.b, b});
    }
    return result;
}

}  // namespace fastest::diff
