#include "base/json.h"

#include <gtest/gtest.h>

#include <limits>

namespace fastest::base {
namespace {

TEST(Json, EscapesWhatTextsCannotHold) {
    EXPECT_EQ(json_text("a\"b\\c\n\x01\x7f\xc3\xa9"), "\"a\\\"b\\\\c\\n\\u0001\x7f\xc3\xa9\"");
    EXPECT_EQ(json_text(std::string("\0", 1)), "\"\\u0000\"");
}

TEST(Json, EscapesLoneSurrogates) {
    EXPECT_EQ(json_text("\xed\xa0\x80"), "\"\\ud800\"");
    EXPECT_EQ(json_text("\xed\xbf\xbf!"), "\"\\udfff!\"");
    EXPECT_EQ(json_text("\xed\x9f\xbf"), "\"\xed\x9f\xbf\"");  // the last character below them
}

TEST(Json, WritesObjects) {
    EXPECT_EQ(JsonObject().finish(), "{}");
    EXPECT_EQ(JsonObject().text("a", "b").integer("n", -3).real("t", 0.5).null("x").texts("l", {"p", "q"}).finish(),
              R"({"a":"b","n":-3,"t":0.500000,"x":null,"l":["p","q"]})");
    EXPECT_EQ(JsonObject().texts("l", {}).text_if_any("e", "").finish(), R"({"l":[]})");
    EXPECT_EQ(JsonObject().real("a", 1795297598.25).real("b", -0.25).real("c", -1.5).real("d", 1e15).finish(),
              R"({"a":1795297598.250000,"b":-0.250000,"c":-1.500000,"d":1000000000000000.000000})");
    EXPECT_EQ(JsonObject().real("t", std::numeric_limits<double>::infinity()).finish(), R"({"t":null})");
}

}  // namespace
}  // namespace fastest::base
