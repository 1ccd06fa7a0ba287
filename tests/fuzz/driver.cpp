// Runs a fuzz target without a fuzzing engine: `TARGET [RUNS] FILE_OR_FOLDER...` runs the target on each file of the corpus, then on RUNS
// mutations of them, always the same ones. A target that finds something ends the process (sanitizer, abort); the input is then in the
// file `crash-TARGET`. Targets have libFuzzer's entry point, so an engine can be linked in the driver's place.

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

std::string g_crash_file;

void run(const std::string& input) {
    std::ofstream(g_crash_file, std::ios::binary) << input;
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

void read_into(std::vector<std::string>& corpus, const std::filesystem::path& path) {
    if (std::filesystem::is_directory(path)) {
        std::vector<std::filesystem::path> files(std::filesystem::directory_iterator(path), {});
        std::sort(files.begin(), files.end());
        for (const auto& file : files) read_into(corpus, file);
        return;
    }
    std::ifstream file(path, std::ios::binary);
    corpus.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

std::string mutated(const std::vector<std::string>& corpus, std::mt19937& random) {
    auto below = [&](std::size_t limit) { return static_cast<std::size_t>(random() % limit); };
    std::string text = corpus[below(corpus.size())];
    for (std::size_t changes = 1 + below(6); changes; --changes) {
        const std::string& other = corpus[below(corpus.size())];
        std::size_t at = below(text.size() + 1), from = below(other.size() + 1);
        switch (below(6)) {
            case 0: text.erase(at, below(8)); break;
            case 1: text.insert(at, 1, static_cast<char>(below(256))); break;
            case 2: text.insert(at, other.substr(from, below(16))); break;
            case 3: if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << below(8))); break;
            case 4: text = text.substr(0, at) + other.substr(from); break;
            case 5: text.insert(at, text.substr(at, below(16))); break;
        }
    }
    if (text.size() > 4096) text.resize(4096);
    return text;
}

}  // namespace

int main(int count, char** words) {
    g_crash_file = "crash-" + std::filesystem::path(words[0]).filename().string();
    std::size_t runs = 10'000;
    std::vector<std::string> corpus;
    for (int i = 1; i < count; ++i) {
        std::string word = words[i];
        auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), runs);
        if (error != std::errc() || end != word.data() + word.size()) read_into(corpus, word);
    }
    if (corpus.empty()) corpus.emplace_back();
    for (const std::string& input : corpus) run(input);
    std::mt19937 random(1);  // NOLINT: the same inputs each time
    for (std::size_t i = 0; i < runs; ++i) run(mutated(corpus, random));
    std::filesystem::remove(g_crash_file);
    std::printf("%s: %zu files, %zu mutations\n", words[0], corpus.size(), runs);
}
