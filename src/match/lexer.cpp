#include "match/expression.h"

namespace fastest::match {
namespace {

std::u32string decode(std::string_view utf8) {
    std::u32string out;
    out.reserve(utf8.size());
    for (std::size_t i = 0; i < utf8.size();) {
        auto lead = static_cast<unsigned char>(utf8[i]);
        std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        char32_t point = length == 1 ? lead : lead & (0xFF >> (length + 1));
        for (std::size_t k = 1; k < length && i + k < utf8.size(); ++k)
            point = (point << 6) | (static_cast<unsigned char>(utf8[i + k]) & 0x3F);
        out.push_back(point);
        i += length;
    }
    return out;
}

void encode(char32_t point, std::string& out) {
    if (point < 0x80) {
        out.push_back(static_cast<char>(point));
        return;
    }
    int more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    static constexpr unsigned char kLead[] = {0, 0xC0, 0xE0, 0xF0};
    out.push_back(static_cast<char>(kLead[more] | (point >> (6 * more))));
    while (more--) out.push_back(static_cast<char>(0x80 | ((point >> (6 * more)) & 0x3F)));
}

bool is_name_mark(char32_t c) {
    constexpr std::u32string_view kMarks = U":+-.[]\\/";
    return kMarks.find(c) != kMarks.npos;
}

}  // namespace

const char* kind_name(TokenKind kind) {
    switch (kind) {
        case TokenKind::kLeftParen: return "left parenthesis";
        case TokenKind::kRightParen: return "right parenthesis";
        case TokenKind::kOr: return "or";
        case TokenKind::kAnd: return "and";
        case TokenKind::kNot: return "not";
        case TokenKind::kName: return "identifier";
        case TokenKind::kEnd: return "end of input";
        case TokenKind::kEqual: return "=";
        case TokenKind::kString: return "string literal";
        case TokenKind::kComma: return ",";
    }
    return "";
}

Lexer::Lexer(std::string_view utf8, const Alphabet& alphabet) : text_(decode(utf8)), alphabet_(alphabet) {}

std::string Lexer::slice(std::size_t begin, std::size_t end) const {
    std::string out;
    for (std::size_t i = begin; i < end; ++i) encode(text_[i], out);
    return out;
}

std::expected<Token, ParseError> Lexer::string_literal() {
    std::size_t begin = at_, end = text_.find(text_[begin], begin + 1);
    if (end == text_.npos) {
        std::string quote = slice(begin, begin + 1);
        return std::unexpected(ParseError{.message = "closing quote \"" + quote + "\" is missing", .position = begin});
    }
    if (std::size_t escape = text_.find(U'\\', begin); escape < end)
        return std::unexpected(
            ParseError{.message = "escaping with \"\\\" not supported in marker expression", .position = escape});
    at_ = end + 1;
    return Token{TokenKind::kString, slice(begin, at_), begin};
}

std::expected<Token, ParseError> Lexer::next() {
    while (at_ < text_.size() && (text_[at_] == U' ' || text_[at_] == U'\t')) ++at_;
    if (at_ == text_.size()) return Token{TokenKind::kEnd, "", at_};
    std::size_t begin = at_;
    auto single = [&](TokenKind kind) {
        ++at_;
        return Token{kind, slice(begin, at_), begin};
    };
    switch (text_[at_]) {
        case U'(': return single(TokenKind::kLeftParen);
        case U')': return single(TokenKind::kRightParen);
        case U'=': return single(TokenKind::kEqual);
        case U',': return single(TokenKind::kComma);
        case U'\'':
        case U'"': return string_literal();
        default: break;
    }
    while (at_ < text_.size() && (alphabet_.is_word(text_[at_]) || is_name_mark(text_[at_]))) ++at_;
    if (at_ == begin)
        return std::unexpected(
            ParseError{.message = "unexpected character \"" + slice(begin, begin + 1) + "\"", .position = begin});
    std::string word = slice(begin, at_);
    TokenKind kind = word == "or"    ? TokenKind::kOr
                     : word == "and" ? TokenKind::kAnd
                     : word == "not" ? TokenKind::kNot
                                     : TokenKind::kName;
    return Token{kind, std::move(word), begin};
}

}  // namespace fastest::match
