#include "config/shell_words.h"

namespace fastest::config {

std::expected<std::vector<std::string>, std::string> shell_words(std::string_view line) {
    std::vector<std::string> words;
    std::string word;
    bool in_word = false;
    char quote = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        char c = line[i];
        if (c == '\\' && quote != '\'') {
            if (++i == line.size()) return std::unexpected("No escaped character");
            if (quote && line[i] != '\\' && line[i] != quote) word += '\\';
            word += line[i];
            in_word = true;
        } else if (quote) {
            if (c == quote) quote = 0;
            else word += c;
        } else if (c == '"' || c == '\'') {
            quote = c;
            in_word = true;
        } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
            if (in_word) words.push_back(std::move(word));
            word.clear();
            in_word = false;
        } else {
            word += c;
            in_word = true;
        }
    }
    if (quote) return std::unexpected("No closing quotation");
    if (in_word) words.push_back(std::move(word));
    return words;
}

}  // namespace fastest::config
