#include "report/excerpt.h"

#include <gtest/gtest.h>

namespace fastest::report {
namespace {

using Lines = std::vector<std::string>;

TEST(Excerpt, LeavesOutWhatDiffersFromRunToRun) {
    EXPECT_EQ(without_accidents("<A at 0x7f00aa11bb22> 0xff"), "<A at 0x...> 0xff");
    EXPECT_EQ(without_accidents("/tmp/pytest-of-me/pytest-12/a pytest-9"), "/tmp/pytest-of-me/pytest-N/a pytest-9");
}

TEST(Excerpt, CutsLinesBetweenCharacters) {
    EXPECT_EQ(shortened("abc", 3), "abc");
    EXPECT_EQ(shortened("abcd", 3), "abc... (1 more byte)");
    EXPECT_EQ(shortened("ab\xc3\xa9", 3), "ab... (2 more bytes)");
}

TEST(Excerpt, KeepsShortTracebacks) { EXPECT_EQ(excerpt_of_traceback("a\nb\n", 2), (Lines{"a", "b"})); }

TEST(Excerpt, KeepsWhatTellsOfLongTracebacks) {
    std::string traceback =
        "def f():\n    x = 1\n>   g()\n\na.py:3: \n_ _\n    y\n>   1/0\nE   ZeroDivisionError\n\nb.py:9: Error\n";
    EXPECT_EQ(excerpt_of_traceback(traceback, 6),
              (Lines{">   g()", "a.py:3: ", ">   1/0", "E   ZeroDivisionError", "b.py:9: Error"}));
    EXPECT_EQ(excerpt_of_traceback(traceback, 3), (Lines{">   g()", "... (3 more lines)", "b.py:9: Error"}));
}

TEST(Excerpt, CutsTracebacksOfOtherKindsInTheMiddle) {
    EXPECT_EQ(excerpt_of_traceback("1\n2\n3\n4\n5", 3), (Lines{"1", "... (3 more lines)", "5"}));
}

TEST(Excerpt, LastLines) {
    EXPECT_EQ(last_lines("1\n2\n3\n", 2), (Lines{"... (1 more line)", "2", "3"}));
    EXPECT_EQ(last_lines("", 2), Lines{});
}

TEST(Excerpt, QuotesForShells) {
    EXPECT_EQ(quoted_for_shell("a/b.py::T::t"), "a/b.py::T::t");
    EXPECT_EQ(quoted_for_shell("a[b c]"), "'a[b c]'");
    EXPECT_EQ(quoted_for_shell("it's"), "'it'\"'\"'s'");
    EXPECT_EQ(quoted_for_shell(""), "''");
}

}  // namespace
}  // namespace fastest::report
