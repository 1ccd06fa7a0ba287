#include "match/nearest_names.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace fastest::match {
namespace {

constexpr std::size_t kChange = 2, kCaseChange = 1;
constexpr std::size_t kMostLetters = 64, kMostCandidates = 10'000, kMostFound = 3;

std::u32string decode(std::string_view text) {
    std::u32string letters;
    for (std::size_t at = 0; at < text.size();) {
        auto lead = static_cast<unsigned char>(text[at++]);
        int more = lead < 0xC0 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
        char32_t letter = more == 0 ? lead : lead & (0x3Fu >> more);
        for (; more > 0 && at < text.size(); --more)
            letter = letter << 6 | (static_cast<unsigned char>(text[at++]) & 0x3Fu);
        letters.push_back(letter);
    }
    return letters;
}

char32_t lower(char32_t letter) { return letter >= U'A' && letter <= U'Z' ? letter + (U'a' - U'A') : letter; }

std::size_t change_cost(char32_t left, char32_t right) {
    if (left == right) return 0;
    return lower(left) == lower(right) ? kCaseChange : kChange;
}

/// About a third of the letters, at least one of three.
std::size_t farthest(std::size_t left, std::size_t right) { return (left + right + 3) * kChange / 6; }

std::vector<std::string> sorted_words(std::string_view name) {
    std::vector<std::string> words;
    std::string lowered = base::lower_ascii(name);
    for (std::string_view word : base::split(lowered, '_'))
        if (!word.empty()) words.emplace_back(word);
    std::sort(words.begin(), words.end());
    return words;
}

}  // namespace

std::size_t name_distance(std::u32string_view left, std::u32string_view right, std::size_t most) {
    if (left.size() > kMostLetters || right.size() > kMostLetters) return most + 1;
    std::size_t difference = left.size() > right.size() ? left.size() - right.size() : right.size() - left.size();
    if (difference * kChange > most) return most + 1;
    // Rows of the table of distances between beginnings: two ago, the last one, this one.
    std::array<std::size_t, kMostLetters + 1> rows[3];
    for (std::size_t j = 0; j <= right.size(); ++j) rows[1][j] = j * kChange;
    for (std::size_t i = 1; i <= left.size(); ++i) {
        auto &before = rows[(i + 2) % 3], &last = rows[i % 3], &row = rows[(i + 1) % 3];
        row[0] = i * kChange;
        std::size_t least = row[0];
        for (std::size_t j = 1; j <= right.size(); ++j) {
            std::size_t cost = std::min(
                {last[j] + kChange, row[j - 1] + kChange, last[j - 1] + change_cost(left[i - 1], right[j - 1])});
            if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                cost = std::min(cost, before[j - 2] + kChange);
            row[j] = cost;
            least = std::min(least, cost);
        }
        if (least > most) return most + 1;
    }
    return std::min(rows[(left.size() + 1) % 3][right.size()], most + 1);
}

NearestNames::NearestNames(std::string_view wanted)
    : wanted_(wanted), letters_(decode(wanted)), words_(sorted_words(wanted)) {}

void NearestNames::offer(std::string_view candidate) {
    if (++offered_ > kMostCandidates || candidate.size() > 4 * kMostLetters || candidate == wanted_) return;
    if (candidate.starts_with('_') && !wanted_.starts_with('_')) return;
    std::u32string letters = decode(candidate);
    std::size_t most = farthest(letters_.size(), letters.size());
    std::size_t distance = name_distance(letters_, letters, most);
    if (distance > most) {
        if (words_.size() < 2 || letters.size() != letters_.size() || sorted_words(candidate) != words_) return;
        distance = kChange;
    }
    found_.insert({distance, std::string(candidate)});
    if (found_.size() > kMostFound) found_.erase(std::prev(found_.end()));
}

std::vector<std::string> NearestNames::found() const {
    std::vector<std::string> names;
    for (const Found& one : found_)
        if (one.distance < found_.begin()->distance + kChange) names.push_back(one.name);
    return names;
}

}  // namespace fastest::match
