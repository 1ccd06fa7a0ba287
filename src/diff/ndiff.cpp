#include "diff/ndiff.h"

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "base/text.h"
#include "diff/sequence_matcher.h"

namespace fastest::diff {
namespace {

using Lines = std::vector<std::u32string>;

constexpr std::size_t kNearby = 10;

Sequence characters(const std::u32string& line) { return Sequence(line.begin(), line.end()); }

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
    LineDiffer(const Lines& a, const Lines& b, Pairing pairing) : a_(a), b_(b), pairing_(pairing) {
        for (const std::u32string& line : a) a_characters_.push_back(characters(line));
        for (const std::u32string& line : b) b_characters_.push_back(characters(line));
    }

    Lines run() {
        std::unordered_map<std::u32string, std::uint32_t> ids;
        auto numbered = [&](const Lines& lines) {
            Sequence sequence;
            for (const std::u32string& line : lines)
                sequence.push_back(ids.emplace(line, static_cast<std::uint32_t>(ids.size())).first->second);
            return sequence;
        };
        Sequence first = numbered(a_), second = numbered(b_);
        SequenceMatcher lines(false);
        lines.set_first(first);
        lines.set_second(second);
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
    struct Range {
        std::size_t a_begin, a_end, b_begin, b_end;
    };
    struct Pair {
        std::size_t a, b;
        bool equal;
    };

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

    std::optional<Pair> most_similar(const Range& range) {
        double best = 0.74;
        Pair pair{0, 0, false};
        std::optional<Pair> equal;
        SequenceMatcher matcher(true);
        for (std::size_t j = range.b_begin; j < range.b_end; ++j) {
            matcher.set_second(b_characters_[j]);
            for (std::size_t i = range.a_begin; i < range.a_end; ++i) {
                if (a_[i] == b_[j]) {
                    if (!equal) equal = Pair{i, j, true};
                    continue;
                }
                matcher.set_first(a_characters_[i]);
                if (better(matcher, best)) pair = {i, j, false};
            }
        }
        if (best < 0.75) return equal;
        return pair;
    }

    void pair_most_similar(Range range) {
        for (;;) {
            bool removed = range.a_begin < range.a_end, added = range.b_begin < range.b_end;
            if (!removed || !added) {
                dump(U"- ", a_, range.a_begin, range.a_end);
                dump(U"+ ", b_, range.b_begin, range.b_end);
                return;
            }
            std::optional<Pair> pair = most_similar(range);
            if (!pair) return dump_both(range);
            pair_most_similar({range.a_begin, pair->a, range.b_begin, pair->b});
            show(*pair);
            range.a_begin = pair->a + 1;
            range.b_begin = pair->b + 1;
        }
    }

    void pair_nearby(Range range) {
        SequenceMatcher matcher(true);
        std::size_t a_done = range.a_begin, b_done = range.b_begin;
        for (std::size_t j = range.b_begin; j < range.b_end; ++j) {
            matcher.set_second(b_characters_[j]);
            std::size_t middle = range.a_begin + (j - range.b_begin);
            std::size_t from = std::max(middle > kNearby ? middle - kNearby : 0, a_done);
            std::size_t to = std::min(middle + kNearby + 1, range.a_end);
            if (from >= to) break;
            double best = 0.74999;
            std::optional<Pair> pair;
            for (std::size_t i = from; i < to; ++i) {
                matcher.set_first(a_characters_[i]);
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
        SequenceMatcher matcher(true);
        matcher.set_first(a_characters_[pair.a]);
        matcher.set_second(b_characters_[pair.b]);
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
    std::vector<Sequence> a_characters_, b_characters_;
    Lines result_;
};

}  // namespace

std::vector<std::u32string> ndiff(const std::vector<std::u32string>& a, const std::vector<std::u32string>& b,
                                  Pairing pairing) {
    return LineDiffer(a, b, pairing).run();
}

}  // namespace fastest::diff
