#pragma once
// The terminal reporter's part in quiet runs: what passed tests show, written at once and natively.

#include <optional>

#include "engine/terminal/quiet_sink.h"
#include "engine/terminal/results.h"

namespace fastest::terminal {

/// The part of a reporter of the engine's own class; null for others.
std::unique_ptr<hooks::QuietPart> quiet_terminal(py::handle reporter, hooks::QuietRun& run);
/// Keeps the methods of the reporter and the writer as they are now, to tell later whether they were replaced.
void remember_reporter_methods(py::handle reporter_class);
void remember_quiet_writer(py::handle writer_class);

/// What showing letters and showing words have in common.
class QuietReporter : public hooks::QuietPart {
public:
    QuietReporter(py::handle reporter, hooks::QuietRun& run);

    bool plain(py::handle item) override;
    /// Others may write to the file now, and leave it in its buffers.
    void settle() override { unflushed_ = true; }
    void passed(const hooks::PhasePassed& event) override;

protected:
    /// Shows a call that passed.
    virtual void show_pass(const hooks::PhasePassed& event) = 0;

    /// Shows it as the general path does.
    void show_generally(py::handle item);
    /// Readies the sink for the writer's file: what is in the buffers comes before what is written next.
    void ready_sink(py::handle writer);
    /// Writes to the sink, and makes `line` what the writer knows of its current line. False as `Sink::write`.
    bool write(py::handle writer, py::handle text, py::object line);
    /// Whether nobody has written by the writer since.
    bool line_is_ours(py::handle writer) const;

    struct Shown {
        py::object plain, marked_up;
    };
    static Shown markup(py::handle writer, py::handle text, py::handle style);
    /// The message about the progress, which fills a line of this width.
    Shown progress(py::handle writer, long long width);

    py::handle reporter_;
    hooks::QuietRun& run_;
    bool has_style_ = false;
    py::object style_, line_;
    Sink sink_;
    bool unflushed_ = false;

private:
    bool note_pass(const hooks::PhasePassed& event);
    /// Tests may change the option.
    bool is_as_verbose() const;

    py::object verbose_;
    bool ran_ = false;
    std::optional<nodes::Shelter> shelter_;
};

/// A letter for each test (quiet_letters.cpp), or its name and a word (quiet_words.cpp).
std::unique_ptr<hooks::QuietPart> quiet_letters(py::handle reporter, hooks::QuietRun& run);
std::unique_ptr<hooks::QuietPart> quiet_words(py::handle reporter, hooks::QuietRun& run);

}  // namespace fastest::terminal
