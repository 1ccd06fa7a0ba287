#pragma once
// Many lines for a TerminalWriter.

#include <string>

#include "engine/py/module.h"

namespace fastest::terminal {

/// Short cut: while the writer and its file are Python's and the engine's own, ASCII lines are put together and written
/// at once.
class Lines {
public:
    explicit Lines(py::handle writer);
    /// Writes what is left. An error of that is dropped when another one is on its way.
    ~Lines() noexcept(false);
    Lines(const Lines&) = delete;
    Lines& operator=(const Lines&) = delete;

    /// `writer.line(text)`.
    void add(std::string_view text);

private:
    void flush();

    py::object writer_;
    std::string waiting_;
    bool together_;
    int errors_;
};

/// Keeps the methods of TerminalWriter as they are now, to tell later whether they were replaced.
void remember_writer_methods(py::handle terminal_writer);

}  // namespace fastest::terminal
