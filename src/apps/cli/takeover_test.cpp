#include "apps/cli/takeover.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "os/files.h"

namespace fastest::cli {
namespace {

/// An environment's two folders.
class Takeover : public testing::Test {
protected:
    void SetUp() override {
        std::string name = testing::TempDir() + "fastest-takeover-XXXXXX";
        ASSERT_NE(mkdtemp(name.data()), nullptr);
        path = std::filesystem::canonical(name).string();
        std::filesystem::create_directories(path + "/bin");
        std::filesystem::create_directories(path + "/site");
        there = {path + "/bin/python", path + "/bin/python", path + "/site", path + "/bin", ""};
    }
    void TearDown() override { std::filesystem::remove_all(path); }
    std::map<std::string, std::string> files() const {
        std::map<std::string, std::string> found;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(path))
            if (!entry.is_directory())
                found[entry.path().filename()] = os::read_file(entry.path().string()).value_or("");
        return found;
    }
    void write(const std::string& name, const std::string& text) { std::ofstream(path + name) << text; }

    std::string path;
    Installation there;
};

TEST_F(Takeover, OffRemovesAllThatOnHasAdded) {
    write("/site/other.pth", "x");
    auto before = files();
    EXPECT_EQ(switch_on(there).status, 0);
    EXPECT_EQ(files().size(), 4u);
    EXPECT_TRUE(os::is_executable(path + "/bin/pytest"));
    EXPECT_FALSE(os::is_executable(path + "/site/fastest-takeover.pth"));
    EXPECT_EQ(switch_off(there).status, 0);
    EXPECT_EQ(files(), before);
}

TEST_F(Takeover, ScriptsOfOthersStayAsTheyAre) {
    write("/bin/pytest", "#!" + path + "/bin/python\nfrom pytest import main\n");
    std::filesystem::create_symlink("/nowhere", path + "/bin/py.test");
    auto before = files();
    EXPECT_NE(switch_on(there).text.find("it imports pytest, which is fastest"), std::string::npos);
    EXPECT_EQ(files()["pytest"], before["pytest"]);
    EXPECT_EQ(switch_off(there).status, 0);
    EXPECT_EQ(files(), before);
}

TEST_F(Takeover, AScriptThatAnInstallerHasReplacedMeanwhileIsNotRemoved) {
    switch_on(there);
    write("/bin/pytest", "#!/usr/bin/python\n");
    EXPECT_NE(tell_status(there).text.find("not of this environment's Python"), std::string::npos);
    switch_off(there);
    EXPECT_EQ(files(), (std::map<std::string, std::string>{{"pytest", "#!/usr/bin/python\n"}}));
}

TEST_F(Takeover, OnMakesAgainWhatIsMissingOrOfAnotherInterpreter) {
    switch_on(there);
    auto first = files();
    os::remove_file(path + "/bin/pytest");
    EXPECT_NE(tell_status(there).text.find("missing"), std::string::npos);
    Installation moved = there;
    moved.python = "/other place/python";
    EXPECT_NE(tell_status(moved).text.find("for another interpreter"), std::string::npos);
    switch_on(moved);
    EXPECT_EQ(files()["py.test"].substr(0, 10), "#!/bin/sh\n");
    switch_on(there);
    EXPECT_EQ(files(), first);
}

TEST_F(Takeover, PathsThatAShebangLineCannotHoldAreWordsForTheShell) {
    auto second_line = [&](const std::string& python) {
        there.python = python;
        switch_on(there);
        std::string text = files()["pytest"].substr(sizeof "#!/bin/sh");
        return text.substr(0, text.find('\n'));
    };
    EXPECT_EQ(second_line("/a $b/python"), R"('''exec' '/a $b/python' "$0" "$@")");
    EXPECT_EQ(second_line("/it's $b/python"), R"('''exec' "/it's \$b/python" "$0" "$@")");
    std::string long_name(130, 'x');
    EXPECT_EQ(second_line("/" + long_name), "'''exec' '/" + long_name + R"(' "$0" "$@")");
}

TEST_F(Takeover, AFailureLeavesNothingBehind) {
    there.site = path + "/missing";
    Answer answer = switch_on(there);
    EXPECT_EQ(answer.status, 1);
    EXPECT_EQ(answer.text.substr(0, answer.text.find(':', 7)),
              "ERROR: cannot write " + path + "/missing/fastest-takeover.pth");
    EXPECT_TRUE(files().empty());
}

TEST(TakeoverCommand, TestFilesOfThatNameAreNoCommand) {
    EXPECT_TRUE(asks_for_takeover({"takeover", "on"}));
    EXPECT_TRUE(asks_for_takeover({"takeover"}));  // no such file here
    EXPECT_FALSE(asks_for_takeover({"tests", "on"}));
    EXPECT_FALSE(asks_for_takeover({}));
}

TEST(TakeoverCommand, WhatPythonTells) {
    auto there = parse_installation("python=/p y\nowner=/p y\nsite=/s\nscripts=/b\npytest=\n");
    ASSERT_TRUE(there);
    EXPECT_EQ(there->python, "/p y");
    EXPECT_EQ(there->scripts, "/b");
    EXPECT_FALSE(parse_installation("python=/p\nsite=/s\n"));
    EXPECT_FALSE(parse_installation(""));
}

}  // namespace
}  // namespace fastest::cli
