#include "match/expression.h"

#include <gtest/gtest.h>

#include <set>

#include "match/ascii_alphabet.h"

namespace fastest::match {
namespace {

bool holds(const char* text, const std::set<std::string>& present) {
    auto expression = Expression::compile(text, ascii_alphabet());
    EXPECT_TRUE(expression) << text;
    return expression && expression->evaluate([&](std::size_t i) { return present.contains(expression->names()[i].name); });
}

TEST(Expression, FollowsPythonsPrecedence) {
    struct Case {
        const char* text;
        std::set<std::string> present;
        bool expected;
    };
    for (const Case& c : {Case{"", {"a"}, false},
                          Case{"a", {"a"}, true},
                          Case{"not a", {"a"}, false},
                          Case{"not not a", {"a"}, true},
                          Case{"a or b and c", {"a"}, true},
                          Case{"(a or b) and c", {"a"}, false},
                          Case{"not a and b", {"b"}, true},
                          Case{"not (a and b)", {"b"}, true},
                          Case{"a and not b or c", {"a", "b"}, false},
                          Case{"  a\tand  b ", {"a", "b"}, true},
                          Case{"nota", {"nota"}, true},
                          Case{"or1 or and2", {"and2"}, true},
                          Case{"test_a.py::b[1-x]+2", {"test_a.py::b[1-x]+2"}, true},
                          Case{"123.2", {"123.2"}, true},
                          Case{"\xc3\xa9t\xc3\xa9", {"\xc3\xa9t\xc3\xa9"}, true}})
        EXPECT_EQ(holds(c.text, c.present), c.expected) << c.text;
}

TEST(Expression, AsksNoMoreThanNeeded) {
    auto expression = Expression::compile("a and b or c", ascii_alphabet());
    ASSERT_TRUE(expression);
    std::string asked;
    EXPECT_TRUE(expression->evaluate([&](std::size_t i) { return (asked += expression->names()[i].name) != "a"; }));
    EXPECT_EQ(asked, "ac");
}

TEST(Expression, ReadsArgumentsOfNames) {
    auto expression = Expression::compile("mark(a=1, b='x y', c=True, d=None, e=-2)", ascii_alphabet());
    ASSERT_TRUE(expression);
    const auto& arguments = expression->names().at(0).arguments;
    ASSERT_EQ(arguments.size(), 5u);
    EXPECT_EQ(std::get<Integer>(arguments[0].second).digits, "1");
    EXPECT_EQ(std::get<std::string>(arguments[1].second), "x y");
    EXPECT_EQ(std::get<bool>(arguments[2].second), true);
    EXPECT_TRUE(std::holds_alternative<std::monostate>(arguments[3].second));
    EXPECT_EQ(std::get<Integer>(arguments[4].second).digits, "-2");
}

TEST(Expression, SaysWhatIsWrongWhere) {
    struct Case {
        const char* text;
        std::size_t position;
        const char* message;
    };
    for (const Case& c : {Case{"(", 1, "expected not OR left parenthesis OR identifier; got end of input"},
                          Case{" (", 2, "expected not OR left parenthesis OR identifier; got end of input"},
                          Case{")", 0, "expected not OR left parenthesis OR identifier; got right parenthesis"},
                          Case{") ", 0, "expected not OR left parenthesis OR identifier; got right parenthesis"},
                          Case{"not", 3, "expected not OR left parenthesis OR identifier; got end of input"},
                          Case{"and", 0, "expected not OR left parenthesis OR identifier; got and"},
                          Case{"a b", 2, "expected end of input; got identifier"},
                          Case{"a or", 4, "expected not OR left parenthesis OR identifier; got end of input"},
                          Case{"a and or b", 6, "expected not OR left parenthesis OR identifier; got or"},
                          Case{"\xc3\xa9 b", 2, "expected end of input; got identifier"}}) {
        auto expression = Expression::compile(c.text, ascii_alphabet());
        ASSERT_FALSE(expression) << c.text;
        EXPECT_EQ(expression.error().position, c.position) << c.text;
        EXPECT_EQ(expression.error().message, c.message) << c.text;
    }
}

TEST(Expression, RefusesWhatIsNestedTooDeep) {
    auto expression = Expression::compile(std::string(100'000, '(') + "a" + std::string(100'000, ')'), ascii_alphabet());
    ASSERT_FALSE(expression);
    EXPECT_EQ(expression.error().kind, ParseError::Kind::kTooDeep);
}

}  // namespace
}  // namespace fastest::match
