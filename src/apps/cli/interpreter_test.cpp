#include "apps/cli/interpreter.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace fastest::cli {
namespace {

/// An environment with several Pythons, of which `bin/python3` is a link to one.
class Prefix : public testing::Test {
protected:
    void SetUp() override {
        std::string name = testing::TempDir() + "fastest-prefix-XXXXXX";
        ASSERT_NE(mkdtemp(name.data()), nullptr);
        path = std::filesystem::canonical(name).string();
        std::filesystem::create_directories(path + "/bin");
        for (const char* version : {"3.9", "3.11", "3.12"}) {
            std::ofstream(path + "/bin/python" + version) << "#!";
            std::filesystem::permissions(path + "/bin/python" + version, std::filesystem::perms::owner_all);
            std::filesystem::create_directories(site(version));
            std::ofstream(site(version) + "/start.py") << "";
        }
    }
    void TearDown() override { std::filesystem::remove_all(path); }
    std::string site(const std::string& version) const {
        return path + "/lib/python" + version + "/site-packages/fastest";
    }
    void link(const std::string& target) { std::filesystem::create_symlink(target, path + "/bin/python3"); }
    std::string chosen_script() const { return choose_interpreter(path + "/bin/fastest", "").interpreter.script; }

    std::string path;
};

TEST_F(Prefix, TheScriptIsOfTheInterpretersOwnVersion) {
    link("python3.11");
    EXPECT_EQ(chosen_script(), site("3.11") + "/start.py");
}

TEST_F(Prefix, TheNewestIsTakenForAnInterpreterWithoutAVersion) {
    std::filesystem::copy_file(path + "/bin/python3.9", path + "/bin/other");
    link("other");
    EXPECT_EQ(chosen_script(), site("3.12") + "/start.py");
}

TEST_F(Prefix, WhatIsNoInterpreterIsAnError) {
    EXPECT_EQ(choose_interpreter(path + "/bin/fastest", path + "/missing").error,
              "--python: no such interpreter: " + path + "/missing; give the path of a Python executable");
}

}  // namespace
}  // namespace fastest::cli
