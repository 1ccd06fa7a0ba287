#include "base/text.h"

#include <gtest/gtest.h>

namespace fastest::base {
namespace {

TEST(IsSpace, KnowsPythonsBlanks) {
    for (char32_t blank : {U' ', U'\t', U'\n', U'\x1c', U'\x85', U'\xa0', U'\u2003', U'\u3000'}) EXPECT_TRUE(is_space(blank));
    for (char32_t other : {U'a', U'\x1b', U'\u200b', U'\ufeff'}) EXPECT_FALSE(is_space(other));
}

TEST(Text, LinesEndWherePythonEndsThem) {
    using Lines = std::vector<std::string_view>;
    EXPECT_EQ(split_lines("a\r\nb\rc\n\nd"), (Lines{"a", "b", "c", "", "d"}));
    EXPECT_EQ(split_lines("a\x0c\u2028" "b\u0085"), (Lines{"a", "", "b"}));
    EXPECT_EQ(split_lines(""), Lines{});
}

TEST(Text, StripsUnicodeBlanks) {
    EXPECT_EQ(strip(" \u3000 a\u00a0b\u2003\t"), "a\u00a0b");
    EXPECT_EQ(strip("\u00a0"), "");
    EXPECT_EQ(strip("\xe3\x80"), "\xe3\x80");  // cut off in the middle of a character
}

}  // namespace
}  // namespace fastest::base
