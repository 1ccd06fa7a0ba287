#include "match/nearest_names.h"

#include <gtest/gtest.h>

namespace fastest::match {
namespace {

using Names = std::vector<std::string>;

Names nearest(std::string_view wanted, const Names& candidates) {
    NearestNames names(wanted);
    for (const std::string& candidate : candidates) names.offer(candidate);
    return names.found();
}

TEST(NearestNames, CountsLettersAndSwaps) {
    EXPECT_EQ(name_distance(U"abc", U"abc", 9), 0u);
    EXPECT_EQ(name_distance(U"abc", U"abd", 9), 2u);
    EXPECT_EQ(name_distance(U"abc", U"aBc", 9), 1u);
    EXPECT_EQ(name_distance(U"abcd", U"acbd", 9), 2u);
    EXPECT_EQ(name_distance(U"ab", U"ba", 9), 2u);
    EXPECT_EQ(name_distance(U"", U"abc", 9), 6u);
    EXPECT_EQ(name_distance(U"kitten", U"sitting", 9), 6u);
    EXPECT_EQ(name_distance(U"kitten", U"sitting", 3), 4u);
    EXPECT_EQ(name_distance(std::u32string(65, U'a'), U"a", 3), 4u);
}

TEST(NearestNames, AreThreeOfTheNearest) {
    EXPECT_EQ(nearest("databse", {"tmp_path", "database", "data"}), Names{"database"});
    EXPECT_EQ(nearest("user", {"users", "userd", "usera", "userb", "suer"}), (Names{"suer", "usera", "userb"}));
    EXPECT_EQ(nearest("Value", {"value", "vale", "values"}), Names{"value"});
    EXPECT_EQ(nearest("x", {"y", "z", "X"}), Names{"X"});
    EXPECT_EQ(nearest("db", {"db", "dbs", "cap"}), Names{"dbs"});
}

TEST(NearestNames, KnowsOtherOrdersOfWords) {
    EXPECT_EQ(nearest("user_admin", {"admin_user", "admin"}), Names{"admin_user"});
    EXPECT_EQ(nearest("useradmin", {"adminuser"}), Names{});
}

TEST(NearestNames, LeavesPrivateNamesToThoseWhoWantThem) {
    EXPECT_EQ(nearest("cache", {"_cache"}), Names{});
    EXPECT_EQ(nearest("_cachd", {"_cache"}), Names{"_cache"});
}

TEST(NearestNames, ReadsCharactersAndNotBytes) {
    EXPECT_EQ(nearest("größe", {"große"}), Names{"große"});
    EXPECT_EQ(nearest("\xC3", {"\xC3\xB6", "\xFF"}), Names{});
}

TEST(NearestNames, EndsAfterManyCandidates) {
    NearestNames names("value");
    for (int i = 0; i < 10'000; ++i) names.offer("other");
    names.offer("values");
    EXPECT_TRUE(names.found().empty());
}

}  // namespace
}  // namespace fastest::match
