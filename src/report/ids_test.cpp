#include "report/ids.h"

#include <gtest/gtest.h>

namespace fastest::report {
namespace {

using Parts = std::vector<std::string>;

TEST(Ids, HaveParts) {
    std::string_view id = "a/test_b.py::TestC::test_d[x::y[z]]";
    EXPECT_EQ(label_of(id), "test_d[x::y[z]]");
    EXPECT_EQ(file_of(id), "a/test_b.py");
    EXPECT_EQ(parents_of(id), (Parts{"a/test_b.py", "TestC"}));
}

TEST(Ids, OfFilesAlone) {
    EXPECT_EQ(label_of("a/b.py"), "a/b.py");
    EXPECT_EQ(file_of("a/b.py"), "a/b.py");
    EXPECT_EQ(parents_of("a/b.py"), Parts{});
    EXPECT_EQ(label_of(""), "");
}

TEST(Ids, WithBracketsInTheFile) {
    EXPECT_EQ(label_of("a[1].py::test_b"), "test_b");
    EXPECT_EQ(parents_of("a[1].py::test_b[2]"), Parts{"a[1].py"});
}

}  // namespace
}  // namespace fastest::report
