#pragma once
// Where the terminal writer's file leads while a quiet run keeps the capture on.

#include "engine/hooks/quiet.h"

namespace fastest::terminal {

/// While the file's descriptor is captured the sink writes to the original one: what the file has in its buffers is
/// written when the sink is found, and nothing else writes to it then.
class Sink {
public:
    bool leads_to(py::handle file) const { return file_.is_valid() && file_.is(file); }
    bool is_known() const { return file_.is_valid(); }
    void find(py::handle file);
    /// What tests have left in the file goes out between two tests, unless it would be captured.
    void flush(hooks::QuietRun& run) const;
    /// Writes and flushes a str. False, with nothing written, when this is for the general path: files of others'
    /// classes, and text beyond ASCII, which the file may have to encode in its own way.
    bool write(py::handle text, hooks::QuietRun& run) const;

private:
    py::object file_;
    int descriptor_ = -1;
    bool plain_ = false;  // of a class whose writing runs nobody's code
};

}  // namespace fastest::terminal
