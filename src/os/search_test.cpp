#include "os/search.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace fastest::os {
namespace {

class Folder : public testing::Test {
protected:
    void SetUp() override {
        std::string name = testing::TempDir() + "fastest-search-XXXXXX";
        ASSERT_NE(mkdtemp(name.data()), nullptr);
        path = name;
    }
    void TearDown() override { std::filesystem::remove_all(path); }
    void put(const std::string& name, bool executable) {
        std::ofstream(path + "/" + name) << "x";
        auto mode = std::filesystem::perms::owner_read;
        if (executable) mode |= std::filesystem::perms::owner_exec;
        std::filesystem::permissions(path + "/" + name, mode);
    }
    std::string path;
};

TEST_F(Folder, ProgramsAreExecutableFilesOnPath) {
    put("tool", true);
    put("text", false);
    std::filesystem::create_directory(path + "/folder");
    setenv("PATH", ("/nonexistent:" + path).c_str(), 1);
    EXPECT_EQ(find_program("tool"), path + "/tool");
    EXPECT_EQ(find_program("folder"), std::nullopt);
    EXPECT_EQ(find_program("missing"), std::nullopt);
}

}  // namespace
}  // namespace fastest::os
