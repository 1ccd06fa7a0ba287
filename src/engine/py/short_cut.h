#pragma once
// Short cuts and how often they were taken: each one has a name, a reason, and a counter that CI looks at.
//
//   // Takes: the fixtures of an item are set up without the calls that pytest makes for each of them.
//   py::ShortCut g_quick_setup{"fixtures.quick_setup", "what is skipped, and who would see it"};
//   ...
//   if (g_quick_setup.take(nobody_looks(config))) return quickly();
//
// Short cuts are namespace-scope objects of a source file, so that the list is complete when the extension is loaded;
// tools/short_cuts.py makes docs/short-cuts.md of them. The counters are statistics of the process that no behaviour
// depends on: the one exception to "nothing mutable is global". They are changed under the GIL.

#include <cstdint>
#include <string>

namespace fastest::py {

class ShortCut {
public:
    /// Both texts are literals. The name is `room.what`; the reason says what is left out and who would see it.
    ShortCut(const char* name, const char* reason) noexcept;
    ShortCut(const ShortCut&) = delete;
    ShortCut& operator=(const ShortCut&) = delete;

    /// Asks whether the short cut is taken, and counts the answer: `may` says whether nobody looks.
    bool take(bool may) noexcept {
        ++(may ? taken_ : left_);
        return may;
    }

    const char* name() const { return name_; }
    const char* reason() const { return reason_; }

private:
    friend std::string take_short_cut_counts();

    const char* name_;
    const char* reason_;
    std::uint64_t taken_ = 0, left_ = 0;
    ShortCut* next_;
};

/// Whether FASTEST_LOOKERS=all asks the engine to believe that somebody looks at everything.
bool believes_in_lookers();

/// A line `name taken left` for every short cut; the counters start again at zero.
std::string take_short_cut_counts();

/// Adds the counts since the last call to the end of the file that FASTEST_SHORT_CUTS names, if it names one. `main`
/// does so when it returns, at each depth of nested runs: the sums over the file are right. A file that cannot be
/// written is no error.
void record_short_cuts();

}  // namespace fastest::py
