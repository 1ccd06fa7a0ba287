#include "diff/ndiff.h"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <variant>

#include "base/text.h"
#include "diff/similar_lines.h"

namespace fastest::diff {
namespace {

using Lines = std::vector<std::u32string>;

constexpr std::size_t kNearby = 10;
constexpr std::size_t kSteps = 2'000'000'000;  // of the comparison of lines; Python takes some ten minutes for them

/// The lines of both texts in numbers, equal for equal lines.
struct Numbered {
    Sequence a, b;
    std::size_t count;

    Numbered(const Lines& a_lines, const Lines& b_lines) {
        std::unordered_map<std::u32string_view, std::uint32_t> ids;
        auto numbered = [&](const Lines& lines) {
            Sequence sequence;
            for (const std::u32string& line : lines)
                sequence.push_back(ids.emplace(line, static_cast<std::uint32_t>(ids.size())).first->second);
            return sequence;
        };
        a = numbered(a_lines);
        b = numbered(b_lines);
        count = ids.size();
    }
};

/// The text of a "? " line: blanks of the line itself stay as they are, so that tabs line up.
std::u32string marks_under(const std::u32string& line, std::u32string marks) {
    for (std::size_t i = 0; i < marks.size() && i < line.size(); ++i)
        if (marks[i] == U' ' && base::is_space(line[i])) marks[i] = line[i];
    if (marks.size() > line.size()) marks.resize(line.size());
    while (!marks.empty() && base::is_space(marks.back())) marks.pop_back();
    return marks;
}

class LineDiffer {
public:
    LineDiffer(const Lines& a, const Lines& b, Pairing pairing) : a_(a), b_(b), pairing_(pairing), numbered_(a, b) {}

    Lines run() {
        SequenceMatcher lines(std::vector<char>(numbered_.count, 0), kSteps);
        lines.set_first(numbered_.a);
        lines.set_second(numbered_.b);
        for (const Operation& step : lines.operations()) {
            switch (step.edit) {
                case Edit::kEqual:
                    dump(U"  ", a_, step.a_begin, step.a_end);
                    break;
                case Edit::kDelete:
                    dump(U"- ", a_, step.a_begin, step.a_end);
                    break;
                case Edit::kInsert:
                    dump(U"+ ", b_, step.b_begin, step.b_end);
                    break;
                case Edit::kReplace:
                    replace({step.a_begin, step.a_end, step.b_begin, step.b_end});
                    break;
            }
        }
        return std::move(result_);
    }

private:
    using Range = SimilarLines::Range;
    using Pair = SimilarLines::Pair;

    void dump(const char32_t* tag, const Lines& lines, std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) result_.push_back(tag + lines[i]);
    }

    /// The smaller side first.
    void dump_both(const Range& range) {
        bool added_first = range.b_end - range.b_begin < range.a_end - range.a_begin;
        if (added_first) dump(U"+ ", b_, range.b_begin, range.b_end);
        dump(U"- ", a_, range.a_begin, range.a_end);
        if (!added_first) dump(U"+ ", b_, range.b_begin, range.b_end);
    }

    void replace(const Range& range) {
        if (!similar_) similar_.emplace(a_, b_, numbered_.a, numbered_.b, numbered_.count);
        if (pairing_ == Pairing::kNearby)
            pair_nearby(range);
        else
            pair_most_similar(range);
    }

    bool better(SequenceMatcher& matcher, double& best) {
        if (!(matcher.real_quick_ratio() > best) || !(matcher.quick_ratio() > best)) return false;
        double ratio = matcher.ratio();
        if (!(ratio > best)) return false;
        best = ratio;
        return true;
    }

    void pair_most_similar(const Range& whole) {
        if (!similar_->is_feasible(whole)) return dump_both(whole);
        std::vector<std::variant<Range, Pair>> open{whole};  // what is to be shown, last first
        while (!open.empty()) {
            std::variant<Range, Pair> next = open.back();
            open.pop_back();
            if (const Pair* pair = std::get_if<Pair>(&next)) {
                show(*pair);
                continue;
            }
            const Range& range = std::get<Range>(next);
            bool both = range.a_begin < range.a_end && range.b_begin < range.b_end;
            std::optional<Pair> pair = both ? similar_->most_similar(range) : std::nullopt;
            if (!pair) {
                dump_rest(range);
                continue;
            }
            open.push_back(Range{pair->a + 1, range.a_end, pair->b + 1, range.b_end});
            open.push_back(*pair);
            open.push_back(Range{range.a_begin, pair->a, range.b_begin, pair->b});
        }
    }

    void pair_nearby(Range range) {
        SequenceMatcher& matcher = similar_->matcher();
        std::size_t a_done = range.a_begin, b_done = range.b_begin;
        for (std::size_t j = range.b_begin; j < range.b_end; ++j) {
            matcher.set_second(similar_->b_characters(j));
            std::size_t middle = range.a_begin + (j - range.b_begin);
            std::size_t from = std::max(middle > kNearby ? middle - kNearby : 0, a_done);
            std::size_t to = std::min(middle + kNearby + 1, range.a_end);
            if (from >= to) break;
            double best = 0.74999;
            std::optional<Pair> pair;
            for (std::size_t i = from; i < to; ++i) {
                matcher.set_first(similar_->a_characters(i));
                if (better(matcher, best)) pair = Pair{i, j, a_[i] == b_[j]};
            }
            if (!pair) continue;
            dump_rest({a_done, pair->a, b_done, pair->b});
            show(*pair);
            a_done = pair->a + 1;
            b_done = pair->b + 1;
        }
        dump_rest({a_done, range.a_end, b_done, range.b_end});
    }

    void dump_rest(const Range& range) {
        if (range.a_begin < range.a_end && range.b_begin < range.b_end) return dump_both(range);
        dump(U"- ", a_, range.a_begin, range.a_end);
        dump(U"+ ", b_, range.b_begin, range.b_end);
    }

    void show(const Pair& pair) {
        const std::u32string &old_line = a_[pair.a], &new_line = b_[pair.b];
        if (pair.equal) {
            result_.push_back(U"  " + old_line);
            return;
        }
        SequenceMatcher& matcher = similar_->matcher();
        matcher.set_first(similar_->a_characters(pair.a));
        matcher.set_second(similar_->b_characters(pair.b));
        std::u32string under_old, under_new;
        for (const Operation& step : matcher.operations()) {
            std::size_t old_size = step.a_end - step.a_begin, new_size = step.b_end - step.b_begin;
            char32_t old_mark = step.edit == Edit::kReplace ? U'^' : step.edit == Edit::kDelete ? U'-' : U' ';
            char32_t new_mark = step.edit == Edit::kReplace ? U'^' : step.edit == Edit::kInsert ? U'+' : U' ';
            under_old.append(old_size, old_mark);
            under_new.append(new_size, new_mark);
        }
        show_with_marks(U"- ", old_line, std::move(under_old));
        show_with_marks(U"+ ", new_line, std::move(under_new));
    }

    void show_with_marks(const char32_t* tag, const std::u32string& line, std::u32string marks) {
        result_.push_back(tag + line);
        marks = marks_under(line, std::move(marks));
        if (!marks.empty()) result_.push_back(U"? " + marks + U"\n");
    }

    const Lines &a_, &b_;
    Pairing pairing_;
    Numbered numbered_;
    std::optional<SimilarLines> similar_;  // from the first replaced block on
    Lines result_;
};

}  // namespace

std::vector<std::u32string> ndiff(const std::vector<std::u32string>& a, const std::vector<std::u32string>& b,
                                  Pairing pairing) {
    return LineDiffer(a, b, pairing).run();
}

}  // namespace fastest::diff
