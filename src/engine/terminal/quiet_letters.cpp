// Letters of passed tests, written at once and natively.

#include "engine/terminal/quiet_reporter.h"
#include "engine/terminal/reporter.h"
#include "engine/terminal/reporter_progress.h"
#include "engine/terminal/reporter_writing.h"

namespace fastest::terminal {

using namespace py;

namespace {

bool starts_with(handle text, handle prefix) {
    return is_str(text) && is_str(prefix) && PyUnicode_Tailmatch(text.ptr(), prefix.ptr(), 0, PY_SSIZE_T_MAX, -1) == 1;
}

class QuietLetters final : public QuietReporter {
public:
    QuietLetters(handle reporter, hooks::QuietRun& run)
        : QuietReporter(reporter, run), shows_paths_(truth(get(reporter, "showfspath"_n))) {}

    void start(handle, handle nodeid) override {
        if (!shows_paths_) return;
        if (is_memorized(nodeid)) {
            if (!sink_.is_known()) ready_sink(writer_of(reporter_));
            return sink_.flush(run_);
        }
        object path = file_of_nodeid(reporter_, nodeid);
        if (!is_current_file(reporter_, path) && begin_file(path)) return;
        run_.settle();
        call_method(reporter_, "write_fspath_result"_n, nodeid, ""_n);
        call_method(reporter_, "flush"_n);
        unflushed_ = false;
    }

protected:
    void show_pass(const hooks::PhasePassed& event) override {
        object writer = writer_of(reporter_);
        ready_sink(writer);
        know_width(writer);
        object line = check(PyUnicode_Concat(get(writer, "_current_line"_n).ptr(), "."_n.ptr()));
        if (!write(writer, letter(writer), line)) {
            show_generally(event.item);
            return;
        }
        ++width_;
        write_progress_at_edge();
    }

private:
    void know_width(handle writer) {
        if (!line_is_ours(writer)) width_ = to_int(get(writer, "width_of_current_line"_n));
    }

    /// Ends the line of the file before and begins one. False, with nothing written, when that is for the general path.
    bool begin_file(handle path) {
        object writer = writer_of(reporter_), end = str("\n");
        ready_sink(writer);
        know_width(writer);
        if (has_style_ && !is_none(get(reporter_, "currentfspath"_n)))
            end = strcat(progress(writer, width_).marked_up, end);
        object line = shown_file(reporter_, path);
        if (!write(writer, strcat(end, line), line)) return false;
        width_ = length(line);  // of ASCII
        set(reporter_, "currentfspath"_n, path);
        return true;
    }

    /// Whether the last file's line goes on.
    bool is_memorized(handle nodeid) const {
        object memo = try_get(reporter_, "_nodeid_path_memo"_n);
        if (!memo.is_valid() || !PyTuple_CheckExact(memo.ptr())) return false;
        return get(reporter_, "currentfspath"_n).is(PyTuple_GET_ITEM(memo.ptr(), 2)) &&
               starts_with(nodeid, PyTuple_GET_ITEM(memo.ptr(), 1));
    }

    /// The letter with its colour.
    handle letter(handle writer) {
        bool markup = truth(get(writer, "hasmarkup"_n));
        if (!letter_.is_valid() || markup != markup_)
            letter_ = call_styled(writer, "markup"_n, {"."_n}, styles({"green"_n}));
        markup_ = markup;
        return letter_;
    }

    void write_progress_at_edge() {
        if (!has_style_ || width_ + progress_message_width(reporter_) + 1 < to_int(get(reporter_, "_screen_width"_n)))
            return;
        if (truth(get(reporter_, "_is_last_item"_n))) return;
        run_.settle();
        call_method(reporter_, "_write_progress_information_if_past_edge"_n);
        call_method(reporter_, "flush"_n);
    }

    bool shows_paths_, markup_ = false;
    object letter_;
    long long width_ = 0;
};

}  // namespace

std::unique_ptr<hooks::QuietPart> quiet_letters(handle reporter, hooks::QuietRun& run) {
    return std::make_unique<QuietLetters>(reporter, run);
}

}  // namespace fastest::terminal
