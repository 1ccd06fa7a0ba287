// The two sides of a diff can be read back from it. The input: lines of one side, a byte 0, lines of the other; one character a byte.

#include <cstdint>
#include <cstdlib>

#include "diff/ndiff.h"

namespace {

using Lines = std::vector<std::u32string>;

void check(const Lines& a, const Lines& b, fastest::diff::Pairing pairing) {
    Lines first, second;
    for (const std::u32string& line : fastest::diff::ndiff(a, b, pairing)) {
        if (line.size() < 2 || line[1] != U' ') std::abort();
        if (line[0] == U'-' || line[0] == U' ') first.push_back(line.substr(2));
        if (line[0] == U'+' || line[0] == U' ') second.push_back(line.substr(2));
    }
    if (first != a || second != b) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Lines sides[2];
    int side = 0;
    std::u32string line;
    auto end_line = [&] {
        if (!line.empty()) sides[side].push_back(line);
        line.clear();
    };
    for (std::size_t i = 0; i < size && i < 1024; ++i) {
        if (data[i] == 0 && side == 0) {
            end_line();
            side = 1;
        } else if (data[i] == '\n') {
            end_line();
        } else {
            line += static_cast<char32_t>(data[i]);
        }
    }
    end_line();
    check(sides[0], sides[1], fastest::diff::Pairing::kMostSimilar);
    check(sides[0], sides[1], fastest::diff::Pairing::kNearby);
    return 0;
}
