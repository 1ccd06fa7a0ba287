#include "diff/sequence_matcher.h"

#include <algorithm>

namespace fastest::diff {
namespace {

constexpr std::size_t kLongSequence = 200;

}  // namespace

double similarity(std::size_t matches, std::size_t length) {
    return length ? 2.0 * static_cast<double>(matches) / static_cast<double>(length) : 1.0;
}

SequenceMatcher::SequenceMatcher(std::vector<char> junk, std::size_t steps)
    : junk_(std::move(junk)), steps_(steps), places_(junk_.size()), counts_(junk_.size(), 0) {}

void SequenceMatcher::set_second(const Sequence& b) {
    b_ = &b;
    indexed_ = false;
}

void SequenceMatcher::index_second() {
    if (indexed_) return;
    indexed_ = true;
    for (std::uint32_t element : listed_) places_[element].clear();
    listed_.clear();
    const Sequence& b = *b_;
    for (std::size_t j = 0; j < b.size(); ++j) {
        if (junk_[b[j]]) continue;
        std::vector<std::uint32_t>& places = places_[b[j]];
        if (places.empty()) listed_.push_back(b[j]);
        places.push_back(static_cast<std::uint32_t>(j));
    }
    if (b.size() >= kLongSequence) {
        std::size_t most = b.size() / 100 + 1;
        for (std::uint32_t element : listed_)
            if (places_[element].size() > most) places_[element].clear();
    }
    lengths_.assign(b.size() + 1, 0);
    next_lengths_.assign(b.size() + 1, 0);
}

double SequenceMatcher::real_quick_ratio() const {
    return similarity(std::min(a_->size(), b_->size()), a_->size() + b_->size());
}

double SequenceMatcher::quick_ratio() {
    for (std::uint32_t element : *b_) ++counts_[element];
    std::size_t matches = 0;
    for (std::uint32_t element : *a_) {
        if (!counts_[element]) continue;
        --counts_[element];
        ++matches;
    }
    for (std::uint32_t element : *b_) counts_[element] = 0;
    return similarity(matches, a_->size() + b_->size());
}

std::size_t SequenceMatcher::matches() {
    std::size_t count = 0;
    for (const Block& block : matching_blocks()) count += block.size;
    return count;
}

double SequenceMatcher::ratio() { return similarity(matches(), a_->size() + b_->size()); }

Block SequenceMatcher::longest(std::size_t a_begin, std::size_t a_end, std::size_t b_begin, std::size_t b_end) {
    const Sequence &a = *a_, &b = *b_;
    Block best{a_begin, b_begin, 0};
    touched_.clear();
    for (std::size_t i = a_begin; i < a_end; ++i) {
        next_touched_.clear();
        const std::vector<std::uint32_t>& places = places_[a[i]];
        auto j = b_begin ? std::lower_bound(places.begin(), places.end(), b_begin) : places.begin();
        for (; j != places.end() && *j < b_end; ++j) {
            std::uint32_t length = lengths_[*j] + 1;  // lengths_[j] is the run that ended at j - 1
            next_lengths_[*j + 1] = length;
            next_touched_.push_back(*j + 1);
            if (length > best.size) best = {i + 1 - length, *j + 1 - length, length};
        }
        for (std::uint32_t place : touched_) lengths_[place] = 0;
        lengths_.swap(next_lengths_);
        touched_.swap(next_touched_);
        std::size_t steps = 1 + touched_.size();
        steps_ = steps_ > steps ? steps_ - steps : 0;
        if (!steps_) break;
    }
    for (std::uint32_t place : touched_) lengths_[place] = 0;
    // Common elements may widen the block, then junk may.
    for (bool junk : {false, true}) {
        while (best.a > a_begin && best.b > b_begin && bool(junk_[b[best.b - 1]]) == junk &&
               a[best.a - 1] == b[best.b - 1])
            --best.a, --best.b, ++best.size;
        while (best.a + best.size < a_end && best.b + best.size < b_end && bool(junk_[b[best.b + best.size]]) == junk &&
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
    while (!open.empty() && steps_) {
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
