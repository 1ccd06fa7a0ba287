#pragma once
// Where the logical lines of Python source begin, told from its text alone.

#include <cstddef>
#include <string_view>

namespace fastest::base {

/// Reads source line by line. What stands in brackets, in a string of several lines or after a backslash goes on with
/// the logical line before. Right for all source that compiles; what it says of other text means nothing.
class LogicalLines {
public:
    /// `nested_quotes`: f-strings may hold strings with their own kind of quotes (Python 3.12).
    explicit LogicalLines(bool nested_quotes) : nested_quotes_(nested_quotes) {}

    /// Takes the next line, without its end. False: where logical lines begin cannot be told any more.
    bool take(std::string_view line);

    /// Whether the line taken last begins a logical line: it goes on with none, and is neither blank nor a comment.
    bool begins() const { return begins_; }

private:
    bool take_code(std::string_view line, std::size_t at);
    /// Opens the string whose quote is at `at`, and moves behind its quotes. False: its end cannot be told.
    bool open_string(std::string_view line, std::size_t& at);
    /// Moves behind the end of the open string, or to the line's end. False: it should have ended on the line.
    bool read_string(std::string_view line, std::size_t& at);

    const bool nested_quotes_;
    std::size_t depth_ = 0;   // of brackets
    std::string_view quote_;  // of the string that is open
    bool continued_ = false;  // by a backslash at the last line's end
    bool begins_ = false;
};

}  // namespace fastest::base
