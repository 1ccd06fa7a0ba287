#include "config/ini_file.h"

#include <gtest/gtest.h>

#include "config/shell_words.h"

namespace fastest::config {
namespace {

TEST(IniFile, ReadsSectionsValuesAndContinuations) {
    auto file = IniFile::parse("# top\n[pytest]\naddopts = -v\n  -x\n; no\nmarkers:\n    a: b\n\n    c\n[other]\nx=1\n");
    ASSERT_TRUE(file);
    const IniSection* section = file->section("pytest");
    ASSERT_NE(section, nullptr);
    ASSERT_EQ(section->values.size(), 2u);
    EXPECT_EQ(section->values[0].second, "-v\n-x");
    EXPECT_EQ(section->values[1].second, "a: b\nc");
    EXPECT_EQ(file->section("missing"), nullptr);
}

TEST(IniFile, SaysWhatIsWrongWhere) {
    struct Case {
        const char* text;
        std::size_t line;
        const char* message;
    };
    for (const Case& wrong : {Case{"addopts = -x", 1, "no section header defined"}, Case{"[a]\nb", 2, "unexpected line: "},
                              Case{"[a]\n  b", 2, "unexpected value continuation"}, Case{"[a]\n[a]", 2, "duplicate section "},
                              Case{"[a]\nb=1\nb=2", 3, "duplicate name "}, Case{"[]", 1, "empty section name"}}) {
        auto file = IniFile::parse(wrong.text);
        ASSERT_FALSE(file) << wrong.text;
        EXPECT_EQ(file.error().line, wrong.line) << wrong.text;
        EXPECT_EQ(file.error().message, wrong.message) << wrong.text;
    }
}

TEST(ShellWords, SplitsAsAShellDoes) {
    using Words = std::vector<std::string>;
    EXPECT_EQ(*shell_words("a  'b c' \"d\\\"e\" f\\ g ''"), (Words{"a", "b c", "d\"e", "f g", ""}));
    EXPECT_EQ(*shell_words("\"a\\nb\" '\\'"), (Words{"a\\nb", "\\"}));
    EXPECT_EQ(shell_words("'a").error(), "No closing quotation");
    EXPECT_EQ(shell_words("a\\").error(), "No escaped character");
}

}  // namespace
}  // namespace fastest::config
