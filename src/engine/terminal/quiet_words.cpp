// Names and words of passed tests in verbose runs, written at once and natively: the name when a test starts, the word
// and the progress when it has passed.

#include "engine/terminal/quiet_reporter.h"
#include "engine/terminal/reporter.h"
#include "engine/terminal/reporter_progress.h"
#include "engine/terminal/width.h"

namespace fastest::terminal {

using namespace py;

namespace {

constexpr long long kWordWritten = -2;  // what `currentfspath` is behind a word

class QuietWords final : public QuietReporter {
public:
    using QuietReporter::QuietReporter;

    void start(handle item, handle nodeid) override {
        object writer = writer_of(reporter_);
        name_ = location_line(reporter_, item);
        object before = get(reporter_, "currentfspath"_n);
        bool begins_line = is_none(before) || (PyLong_CheckExact(before.ptr()) && to_int(before) == kWordWritten);
        if (begins_line) {
            ready_sink(writer);
            object text = check(PyUnicode_Concat("\n"_n.ptr(), name_.ptr()));
            if (write(writer, text, name_)) {
                set(reporter_, "currentfspath"_n, name_);
                return;
            }
        }
        run_.settle();
        call_method(reporter_, "pytest_runtest_logstart"_n, nodeid, get(item, "location"_n));
        unflushed_ = false;
    }

protected:
    void show_pass(const hooks::PhasePassed& event) override {
        object writer = writer_of(reporter_);
        if (line_is_ours(writer) && get(reporter_, "currentfspath"_n).is(name_)) {
            ready_sink(writer);
            Shown shown = word_and_progress(writer);
            if (write(writer, shown.marked_up, strcat(name_, shown.plain))) {
                set(reporter_, "currentfspath"_n, integer(kWordWritten));
                return;
            }
        }
        show_generally(event.item);
    }

private:
    Shown word_and_progress(handle writer) {
        Shown word = markup(writer, "PASSED"_n, "green"_n);
        if (!has_style_) return word;
        Shown filling = progress(writer, display_width(name_) + length(word.plain));
        return {strcat(word.plain, filling.plain), strcat(word.marked_up, filling.marked_up)};
    }

    object name_;
};

}  // namespace

std::unique_ptr<hooks::QuietPart> quiet_words(handle reporter, hooks::QuietRun& run) {
    return std::make_unique<QuietWords>(reporter, run);
}

}  // namespace fastest::terminal
