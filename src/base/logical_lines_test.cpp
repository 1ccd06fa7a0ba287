#include "base/logical_lines.h"

#include <gtest/gtest.h>

#include <string>

#include "base/text.h"

namespace fastest::base {
namespace {

/// A letter for each line: b(egins), . (does not), and ? from where it cannot be told.
std::string marks(std::string_view source, bool nested_quotes = true) {
    LogicalLines lines(nested_quotes);
    std::string marks;
    for (std::string_view line : split(source, '\n')) {
        if (!lines.take(line)) return marks + "?";
        marks += lines.begins() ? 'b' : '.';
    }
    return marks;
}

TEST(LogicalLines, GoOnInBracketsStringsAndAfterBackslashes) {
    EXPECT_EQ(marks("def f(a,\n      b):\n    return [\n  a, {1:\n2}]\npass"), "b.b..b");
    EXPECT_EQ(marks("x = '''\n'a\\'''\n# (\n''' + \"(\"\ny"), "b...b");
    EXPECT_EQ(marks("x = 'a\\\nb'\ny = 1 + \\\n  2\nz"), "b.b.b");
    EXPECT_EQ(marks("x = \"\"\"a\"\"\" '' \"\" 'it''s'\nr'\\'' ; y\nz"), "bbb");
}

TEST(LogicalLines, BlankLinesAndCommentsBeginNone) {
    EXPECT_EQ(marks("a  # (\n\n  # b '\n\t\fc\n  "), "b..b.");
    EXPECT_EQ(marks("a \\\n\nb"), "b.b");
}

TEST(LogicalLines, SayWhenTheyCannotTell) {
    EXPECT_EQ(marks("a\nb = 'c\nd"), "b?");
    EXPECT_EQ(marks(")"), "?");
    EXPECT_EQ(marks("a \\ b"), "?");
    EXPECT_EQ(marks("a\rb"), "?");
}

TEST(LogicalLines, FStringsMayNestQuotes) {
    EXPECT_EQ(marks("a = f'b'\nRf\"{c['d']}\"\ne"), "b?");
    EXPECT_EQ(marks("a = f'b'\nRf\"{c['d']}\"\ne", false), "bbb");
    EXPECT_EQ(marks("f'a\\\nb'"), "?");
    EXPECT_EQ(marks("t\"\"\"a\"\"\""), "?");
    EXPECT_EQ(marks("{1}['f']\na"), "bb");
}

}  // namespace
}  // namespace fastest::base
