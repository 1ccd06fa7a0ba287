// What difflib of Python 3.11 (kMostSimilar) and 3.13.5 (kNearby) gives for the same lines.

#include "diff/ndiff.h"

#include <gtest/gtest.h>

#include "diff/sequence_matcher.h"

namespace fastest::diff {
namespace {

using Lines = std::vector<std::u32string>;

TEST(Ndiff, ShowsWhatDifflibShows) {
    struct Case {
        Lines a, b, expected;
    };
    for (const Case& c : {
             Case{{}, {}, {}},
             Case{{U"a"}, {U"a"}, {U"  a"}},
             Case{{U"a"}, {}, {U"- a"}},
             Case{{}, {U"a"}, {U"+ a"}},
             Case{{U"abc"}, {U"xyz"}, {U"- abc", U"+ xyz"}},
             Case{{U"xyz", U"uvw"}, {U"abc"}, {U"+ abc", U"- xyz", U"- uvw"}},
             Case{{U"one two"}, {U"one too"}, {U"- one two", U"?      -\n", U"+ one too", U"?       +\n"}},
             Case{{U"abcdef"}, {U"abcXdef"}, {U"- abcdef", U"+ abcXdef", U"?    +\n"}},
             Case{{U"\tabcdefg"}, {U"\tabcdef"}, {U"- \tabcdefg", U"? \t      -\n", U"+ \tabcdef"}},
             Case{{U"same", U"old line", U"end"},
                  {U"same", U"new line", U"end"},
                  {U"  same", U"- old line", U"+ new line", U"  end"}},
         }) {
        EXPECT_EQ(ndiff(c.a, c.b, Pairing::kMostSimilar), c.expected);
        EXPECT_EQ(ndiff(c.a, c.b, Pairing::kNearby), c.expected);
    }
}

TEST(Ndiff, PairsManyEqualLinesInOrder) {
    Lines a(3000, U"b'\\x00\\x00\\x00\\x00\\x00\\x00'"), b(3000, U"          b'\\x00\\x00\\x00\\x00\\x00\\x00'");
    Lines shown = ndiff(a, b, Pairing::kMostSimilar);
    ASSERT_EQ(shown.size(), 9000U);
    EXPECT_EQ(shown[0], U"- " + a[0]);
    EXPECT_EQ(shown[1], U"+ " + b[0]);
    EXPECT_EQ(shown[2], U"? ++++++++++\n");
    EXPECT_EQ(shown[8999], shown[2]);
}

TEST(Ndiff, LeavesBlocksUnpairedThatDifflibWouldNotFinish) {
    Lines a, b;
    for (char32_t i = 0; i < 6000; ++i) {
        std::u32string tail(200, U'x');
        a.push_back(std::u32string{U'a', static_cast<char32_t>(i + 0x4e00)} + tail);
        b.push_back(std::u32string{U'b', static_cast<char32_t>(i + 0xac00)} + tail);
    }
    Lines shown = ndiff(a, b, Pairing::kMostSimilar);
    ASSERT_EQ(shown.size(), 12000U);
    EXPECT_EQ(shown[0], U"- " + a[0]);
    EXPECT_EQ(shown[6000], U"+ " + b[0]);
}

Sequence sequence(const char* text) { return {text, text + std::char_traits<char>::length(text)}; }

TEST(SequenceMatcher, FindsTheLongestBlocksFirst) {
    struct Case {
        const char *a, *b;
        std::vector<std::array<std::size_t, 3>> blocks;
        double ratio;
    };
    for (const Case& c : {
             Case{"", "", {}, 1.0},
             Case{"abc", "", {}, 0.0},
             Case{"abxcd", "abcd", {{0, 0, 2}, {3, 2, 2}}, 8.0 / 9},
             Case{"qabxcd", "abycdf", {{1, 0, 2}, {4, 3, 2}}, 8.0 / 12},
             Case{"private Thread currentThread;",
                  "private volatile Thread currentThread;",
                  {{0, 0, 6}, {6, 15, 23}},
                  58.0 / 67},
         }) {
        Sequence a = sequence(c.a), b = sequence(c.b);
        SequenceMatcher matcher(std::vector<char>(128, 0));
        matcher.set_first(a);
        matcher.set_second(b);
        std::vector<std::array<std::size_t, 3>> blocks;
        for (const Block& block : matcher.matching_blocks()) blocks.push_back({block.a, block.b, block.size});
        EXPECT_EQ(blocks, c.blocks) << c.a << " / " << c.b;
        EXPECT_DOUBLE_EQ(matcher.ratio(), c.ratio) << c.a << " / " << c.b;
        EXPECT_GE(matcher.quick_ratio(), matcher.ratio());
        EXPECT_GE(matcher.real_quick_ratio(), matcher.quick_ratio());
    }
}

TEST(SequenceMatcher, OperationsCoverBothSequences) {
    Sequence a = sequence("qabxcd"), b = sequence("abycdf");
    SequenceMatcher matcher(std::vector<char>(128, 0));
    matcher.set_first(a);
    matcher.set_second(b);
    std::string edits;
    std::size_t at_a = 0, at_b = 0;
    for (const Operation& operation : matcher.operations()) {
        EXPECT_EQ(operation.a_begin, at_a);
        EXPECT_EQ(operation.b_begin, at_b);
        at_a = operation.a_end;
        at_b = operation.b_end;
        edits += "=rdi"[static_cast<int>(operation.edit)];
    }
    EXPECT_EQ(edits, "d=r=i");
    EXPECT_EQ(at_a, a.size());
    EXPECT_EQ(at_b, b.size());
}

}  // namespace
}  // namespace fastest::diff
