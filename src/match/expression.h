#pragma once
// The language of `-k` and `-m`: names joined by `and`, `or`, `not` and parentheses; a name may carry keyword arguments.
//
//     expression: or_test? END
//     or_test:    and_test ("or" and_test)*
//     and_test:   not_test ("and" not_test)*
//     not_test:   "not" not_test | "(" or_test ")" | NAME ["(" NAME "=" value ("," NAME "=" value)* ")"]
//     value:      STRING | integer | True | False | None
//
// An empty expression matches nothing. Texts are UTF-8, positions count code points from 0.

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace fastest::match {

/// What this room has to know about Python's alphabet and grammar; the engine asks the running interpreter.
struct Alphabet {
    bool (*is_word)(char32_t);                 // `\w`
    bool (*is_identifier)(const std::string&);  // str.isidentifier
    bool (*is_keyword)(const std::string&);     // keyword.iskeyword
    bool (*is_digits)(const std::string&);      // str.isdigit
};

enum class TokenKind { kLeftParen, kRightParen, kOr, kAnd, kNot, kName, kEnd, kEqual, kString, kComma };
/// As it is called in error messages.
const char* kind_name(TokenKind kind);

struct Token {
    TokenKind kind = TokenKind::kEnd;
    std::string value;
    std::size_t position = 0;
};

struct ParseError {
    enum class Kind { kSyntax, kRepeatedKeyword, kTooDeep };
    Kind kind = Kind::kSyntax;
    std::string message;
    std::size_t position = 0;
};

/// Gives one token after the other; the last is kEnd, for ever.
class Lexer {
public:
    Lexer(std::string_view utf8, const Alphabet& alphabet);
    std::expected<Token, ParseError> next();

private:
    std::expected<Token, ParseError> string_literal();
    std::string slice(std::size_t begin, std::size_t end) const;

    std::u32string text_;
    const Alphabet& alphabet_;
    std::size_t at_ = 0;
};

struct Integer {
    std::string digits;  // as written, with an optional "-"; may be non-ASCII digits
};
/// None, a truth value, an integer, a string.
using Value = std::variant<std::monostate, bool, Integer, std::string>;

struct Name {
    std::string name;
    std::vector<std::pair<std::string, Value>> arguments;
};

/// A compiled expression.
class Expression {
public:
    static std::expected<Expression, ParseError> compile(std::string_view utf8, const Alphabet& alphabet);

    /// All occurrences of names, in order.
    const std::vector<Name>& names() const { return names_; }

    /// Asks `matches(index into names())` from left to right, and no more than needed.
    template <class Matches>
    bool evaluate(Matches&& matches) const {
        return nodes_.empty() ? false : holds(static_cast<int>(nodes_.size()) - 1, matches);
    }

private:
    friend class Parser;
    enum class Operator { kName, kNot, kAnd, kOr };
    struct Node {
        Operator op;
        int left;  // a node, or for kName an index into names_
        int right;
    };

    template <class Matches>
    bool holds(int index, Matches& matches) const {
        const Node& node = nodes_[static_cast<std::size_t>(index)];
        switch (node.op) {
            case Operator::kName: return matches(static_cast<std::size_t>(node.left));
            case Operator::kNot: return !holds(node.left, matches);
            case Operator::kAnd: return holds(node.left, matches) && holds(node.right, matches);
            case Operator::kOr: return holds(node.left, matches) || holds(node.right, matches);
        }
        return false;
    }

    std::vector<Node> nodes_;  // children before parents, the root last
    std::vector<Name> names_;
};

}  // namespace fastest::match
