#include "engine/terminal/quiet_terminal.h"

#include <optional>

#include "engine/py/own_method.h"
#include "engine/py/short_cut.h"
#include "engine/terminal/reporter.h"
#include "engine/terminal/results.h"
#include "os/descriptor.h"

namespace fastest::terminal {

using namespace py;

namespace {

constexpr const char* kReporterMethods[] = {"_add_stats",
                                            "write_fspath_result",
                                            "flush",
                                            "_write_progress_information_if_past_edge",
                                            "reported_progress",
                                            "_is_last_item",
                                            "showfspath",
                                            "showlongtestinfo",
                                            "_width_of_current_line"};
constexpr const char* kWriterMethods[] = {"write", "write_raw", "markup", "flush", "width_of_current_line"};
OwnMethods<std::size(kReporterMethods)> g_reporter;  // constants
OwnMethods<std::size(kWriterMethods)> g_writer;

bool starts_with(handle text, handle prefix) {
    return is_str(text) && is_str(prefix) && PyUnicode_Tailmatch(text.ptr(), prefix.ptr(), 0, PY_SSIZE_T_MAX, -1) == 1;
}

ShortCut g_letter{
    "terminal.letter",
    "while capture stays on, the letter of a passed test goes to the original descriptor past the terminal's file, "
    "which has nothing else to write; seen with other files and without the capture of descriptors"};

/// Where the writer's file leads. While the file's descriptor is captured the sink writes to the original one: what the
/// file has in its buffers is written when the sink is found, and nothing else writes to it then.
class Sink {
public:
    bool leads_to(handle file) const { return file_.is_valid() && file_.is(file); }

    void find(handle file) {
        file_ = borrow(file);
        descriptor_ = -1;
        bool text_file = class_of(file).is(lookup("io", "TextIOWrapper"_n));
        plain_ = text_file || class_of(file).is(lookup("io", "StringIO"_n)) ||
                 class_of(file).is(global<"capture_stand_ins", "EncodedFile">()) ||
                 class_of(file).is(global<"capture_stand_ins", "CaptureIO">());
        if (!text_file) return;
        descriptor_ = PyObject_AsFileDescriptor(file.ptr());
        if (descriptor_ < 0)
            PyErr_Clear();
        else
            call_method(file, "flush"_n);
    }

    /// What tests have left in the file goes out between two tests, unless it would be captured.
    void flush(hooks::QuietRun& run) const {
        if (!file_.is_valid() || (descriptor_ >= 0 && run.real_descriptor(descriptor_) != descriptor_)) return;
        if (!plain_) run.settle();
        call_method(file_, "flush"_n);
    }

    /// False when this is for the general path: nothing is written then.
    bool write(handle text, hooks::QuietRun& run) const {
        if (!plain_) return false;
        int original = descriptor_ >= 0 ? run.real_descriptor(descriptor_) : descriptor_;
        if (!g_letter.take(original != descriptor_)) {
            call_method(file_, "write"_n, text);
            call_method(file_, "flush"_n);
            return true;
        }
        Py_ssize_t size = 0;
        const char* bytes = PyUnicode_AsUTF8AndSize(text.ptr(), &size);
        if (!bytes) throw nb::python_error();
        return os::write_all(original, {bytes, static_cast<std::size_t>(size)}) == 0;
    }

private:
    static handle class_of(handle value) { return reinterpret_cast<PyObject*>(Py_TYPE(value.ptr())); }

    object file_;
    int descriptor_ = -1;
    bool plain_ = false;  // of a class whose writing runs nobody's code
};

class QuietTerminal final : public hooks::QuietPart {
public:
    QuietTerminal(handle reporter, hooks::QuietRun& run)
        : reporter_(reporter),
          run_(run),
          shows_paths_(truth(get(reporter, "showfspath"_n))),
          style_(get(reporter, "_show_progress_info"_n)) {
        has_style_ = truth(style_);
    }

    bool plain(handle) override {
        object writer = writer_of(reporter_);
        return get(reporter_, "_show_progress_info"_n).is(style_) && g_reporter.found_on(reporter_) &&
               reinterpret_cast<PyObject*>(Py_TYPE(writer.ptr())) ==
                   global<"io_terminalwriter", "TerminalWriter">().ptr() &&
               g_writer.found_on(writer);
    }

    void start(handle, handle nodeid) override {
        if (!shows_paths_) return;
        if (is_current_file(nodeid)) return sink_.flush(run_);
        run_.settle();
        call_method(reporter_, "write_fspath_result"_n, nodeid, ""_n);
        call_method(reporter_, "flush"_n);
        unflushed_ = false;
    }

    /// Others may write to the file now, and leave it in its buffers.
    void settle() override { unflushed_ = true; }

    void passed(const hooks::PhasePassed& event) override {
        if (!ran_) {
            set(reporter_, "_tests_ran"_n, Py_True);
            ran_ = true;
        }
        if (note_pass(event)) call_method(reporter_, "_set_main_color"_n);
        if (event.phase == hooks::Phase::kCall) write_letter();
    }

private:
    bool note_pass(const hooks::PhasePassed& event) {
        if (!event.report.is_valid()) return add_pass(reporter_, event);
        set(reporter_, "_current_logreport"_n, event.report);
        if (!shelter_) shelter_.emplace(run_.session());
        return add_pass_report(reporter_, event, *shelter_);
    }

    bool is_current_file(handle nodeid) const {
        object memo = try_get(reporter_, "_nodeid_path_memo"_n);
        if (!memo.is_valid() || !PyTuple_CheckExact(memo.ptr())) return false;
        return get(reporter_, "currentfspath"_n).is(PyTuple_GET_ITEM(memo.ptr(), 2)) &&
               starts_with(nodeid, PyTuple_GET_ITEM(memo.ptr(), 1));
    }

    void write_letter() {
        object writer = writer_of(reporter_);
        object file = get(writer, "_file"_n);
        if (!sink_.leads_to(file)) {
            run_.settle();
            sink_.find(file);
        } else if (unflushed_) {
            run_.settle();  // what is in the buffers comes before the letter
        }
        object line = get(writer, "_current_line"_n);
        if (!line_.is_valid() || !line.is(line_)) width_ = to_int(get(writer, "width_of_current_line"_n));
        if (!sink_.write(letter(writer), run_)) {
            run_.settle();
            write_passed_letter(reporter_);
            line_ = object();
            return;
        }
        unflushed_ = false;
        line_ = check(PyUnicode_Concat(line.ptr(), "."_n.ptr()));
        set(writer, "_current_line"_n, line_);
        ++width_;
        write_progress_at_edge();
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

    handle reporter_;
    hooks::QuietRun& run_;
    bool shows_paths_, has_style_ = false, ran_ = false, markup_ = false;
    bool unflushed_ = false;
    object style_, letter_, line_;
    long long width_ = 0;
    Sink sink_;
    std::optional<nodes::Shelter> shelter_;
};

}  // namespace

/// Verbose lines and times name the report.
std::unique_ptr<hooks::QuietPart> quiet_terminal(handle reporter, hooks::QuietRun& run) {
    if (reinterpret_cast<PyObject*>(Py_TYPE(reporter.ptr())) != global<"terminal_reporter", "TerminalReporter">().ptr())
        return nullptr;
    if (test_cases_verbosity(reporter) > 0 || equal(get(reporter, "_show_progress_info"_n), str("times")))
        return nullptr;
    return std::make_unique<QuietTerminal>(reporter, run);
}

void remember_reporter_methods(handle reporter_class) { g_reporter.remember(reporter_class, kReporterMethods); }

void remember_quiet_writer(handle writer_class) { g_writer.remember(writer_class, kWriterMethods); }

}  // namespace fastest::terminal
