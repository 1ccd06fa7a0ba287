// A recursive descent parser. It reads one token ahead, so that the first error in reading order is the one reported.

#include "match/expression.h"

#include <algorithm>
#include <initializer_list>

namespace fastest::match {

class Parser {
public:
    Parser(std::string_view text, const Alphabet& alphabet) : alphabet_(alphabet), lexer_(text, alphabet) {}

    Expression run() {
        advance();
        if (!taken(TokenKind::kEnd)) {
            any();
            require({TokenKind::kEnd});
        }
        refuse_repeated_keywords();
        return std::move(result_);
    }

private:
    using Operator = Expression::Operator;
    static constexpr int kDeepest = 320;  // about where pytest's own parser meets Python's recursion limit

    [[noreturn]] static void fail(std::string message, std::size_t position,
                                  ParseError::Kind kind = ParseError::Kind::kSyntax) {
        throw ParseError{kind, std::move(message), position};
    }

    void advance() {
        auto token = lexer_.next();
        if (!token) throw std::move(token.error());
        current_ = std::move(*token);
    }

    /// Goes past the current token if it is of this kind.
    bool taken(TokenKind kind) {
        if (current_.kind != kind) return false;
        if (kind != TokenKind::kEnd) advance();
        return true;
    }

    Token require(std::initializer_list<TokenKind> wanted, std::initializer_list<TokenKind> accepted) {
        if (std::find(accepted.begin(), accepted.end(), current_.kind) == accepted.end()) {
            std::string names;
            for (TokenKind kind : wanted) names += (names.empty() ? "" : " OR ") + std::string(kind_name(kind));
            fail("expected " + names + "; got " + kind_name(current_.kind), current_.position);
        }
        Token token = current_;
        if (token.kind != TokenKind::kEnd) advance();
        return token;
    }
    Token require(std::initializer_list<TokenKind> wanted) { return require(wanted, wanted); }

    int add(Operator op, int left, int right = -1) {
        result_.nodes_.push_back({op, left, right});
        return static_cast<int>(result_.nodes_.size()) - 1;
    }

    int any() {
        int node = all();
        while (taken(TokenKind::kOr)) node = add(Operator::kOr, node, all());
        return node;
    }

    int all() {
        int node = one();
        while (taken(TokenKind::kAnd)) node = add(Operator::kAnd, node, one());
        return node;
    }

    int one() {
        if (++depth_ > kDeepest) fail("", 0, ParseError::Kind::kTooDeep);
        int node;
        if (taken(TokenKind::kNot)) {
            node = add(Operator::kNot, one());
        } else if (taken(TokenKind::kLeftParen)) {
            node = any();
            require({TokenKind::kRightParen});
        } else {
            Token name = require({TokenKind::kNot, TokenKind::kLeftParen, TokenKind::kName}, {TokenKind::kName});
            Name found{std::move(name.value), {}};
            if (taken(TokenKind::kLeftParen)) {
                do found.arguments.push_back(argument());
                while (taken(TokenKind::kComma));
                require({TokenKind::kRightParen});
            }
            result_.names_.push_back(std::move(found));
            node = add(Operator::kName, static_cast<int>(result_.names_.size()) - 1);
        }
        --depth_;
        return node;
    }

    std::pair<std::string, Value> argument() {
        Token name = require({TokenKind::kName});
        if (!alphabet_.is_identifier(name.value)) fail("not a valid python identifier " + name.value, name.position);
        if (alphabet_.is_keyword(name.value))
            fail("unexpected reserved python keyword `" + name.value + "`", name.position);
        require({TokenKind::kEqual});
        if (current_.kind == TokenKind::kString) {
            Token literal = require({TokenKind::kString});
            return {std::move(name.value), literal.value.substr(1, literal.value.size() - 2)};
        }
        Token word = require({TokenKind::kName});
        return {std::move(name.value), constant(word)};
    }

    Value constant(const Token& word) {
        const std::string& text = word.value;
        if (alphabet_.is_digits(text) || (text.starts_with('-') && alphabet_.is_digits(text.substr(1))))
            return Integer{text};
        if (text == "True") return true;
        if (text == "False") return false;
        if (text == "None") return std::monostate();
        fail("unexpected character/s \"" + text + "\"", word.position);
    }

    void refuse_repeated_keywords() {
        for (const Name& name : result_.names_)
            for (std::size_t i = 1; i < name.arguments.size(); ++i)
                for (std::size_t k = 0; k < i; ++k)
                    if (name.arguments[i].first == name.arguments[k].first)
                        fail("keyword argument repeated: " + name.arguments[i].first, 0,
                             ParseError::Kind::kRepeatedKeyword);
    }

    const Alphabet& alphabet_;
    Lexer lexer_;
    Token current_;
    Expression result_;
    int depth_ = 0;
};

std::expected<Expression, ParseError> Expression::compile(std::string_view utf8, const Alphabet& alphabet) {
    try {
        return Parser(utf8, alphabet).run();
    } catch (ParseError& error) {
        return std::unexpected(std::move(error));
    }
}

}  // namespace fastest::match
