#pragma once
// An alphabet for tests that run without Python: ASCII, and every other character is a letter.

#include <set>

#include "match/expression.h"

namespace fastest::match {

inline const Alphabet& ascii_alphabet() {
    static const auto letter = [](char32_t c) {
        return c == U'_' || (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z') || (c >= U'0' && c <= U'9') || c >= 0x80;
    };
    static const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    static const Alphabet alphabet{
        [](char32_t c) { return letter(c); },
        [](const std::string& word) {
            if (word.empty() || digit(word[0])) return false;
            for (char c : word)
                if (!letter(static_cast<unsigned char>(c))) return false;
            return true;
        },
        [](const std::string& word) { return std::set<std::string>{"if", "class", "None", "True", "False"}.contains(word); },
        [](const std::string& word) {
            for (char c : word)
                if (!digit(c)) return false;
            return !word.empty();
        },
    };
    return alphabet;
}

}  // namespace fastest::match
