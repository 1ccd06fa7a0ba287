#include "engine/terminal/quiet_reporter.h"

#include <algorithm>

#include "engine/py/own_method.h"
#include "engine/terminal/reporter.h"
#include "engine/terminal/reporter_progress.h"

namespace fastest::terminal {

using namespace py;

namespace {

constexpr const char* kReporterMethods[] = {"_add_stats",
                                            "write_fspath_result",
                                            "write_ensure_prefix",
                                            "_locationline",
                                            "flush",
                                            "write",
                                            "_write_progress_information_if_past_edge",
                                            "_write_progress_information_filling_space",
                                            "_get_progress_information_message",
                                            "_get_main_color",
                                            "reported_progress",
                                            "_is_last_item",
                                            "showfspath",
                                            "showlongtestinfo",
                                            "_width_of_current_line"};
constexpr const char* kWriterMethods[] = {"write", "line", "write_raw", "markup", "flush", "width_of_current_line"};
OwnMethods<std::size(kReporterMethods)> g_reporter;  // constants
OwnMethods<std::size(kWriterMethods)> g_writer;

}  // namespace

QuietReporter::QuietReporter(handle reporter, hooks::QuietRun& run)
    : reporter_(reporter),
      run_(run),
      style_(get(reporter, "_show_progress_info"_n)),
      verbose_(option(reporter, "verbose"_n)) {
    has_style_ = truth(style_);
}

bool QuietReporter::plain(handle) {
    object writer = writer_of(reporter_);
    return get(reporter_, "_show_progress_info"_n).is(style_) && is_as_verbose() && g_reporter.found_on(reporter_) &&
           type_of(writer).is(global<"io_terminalwriter", "TerminalWriter">()) && g_writer.found_on(writer);
}

void QuietReporter::passed(const hooks::PhasePassed& event) {
    if (!ran_) {
        set(reporter_, "_tests_ran"_n, Py_True);
        ran_ = true;
    }
    if (note_pass(event)) call_method(reporter_, "_set_main_color"_n);
    if (event.phase != hooks::Phase::kCall) return;
    if (is_as_verbose())
        show_pass(event);
    else
        show_generally(event.item);
}

void QuietReporter::show_generally(handle item) {
    run_.settle();
    write_pass(reporter_, item);
    unflushed_ = false;
}

bool QuietReporter::is_as_verbose() const { return option(reporter_, "verbose"_n).is(verbose_); }

bool QuietReporter::note_pass(const hooks::PhasePassed& event) {
    if (!event.report.is_valid()) return add_pass(reporter_, event);
    set(reporter_, "_current_logreport"_n, event.report);
    if (!shelter_) shelter_.emplace(run_.session());
    return add_pass_report(reporter_, event, *shelter_);
}

void QuietReporter::ready_sink(handle writer) {
    object file = get(writer, "_file"_n);
    if (!sink_.leads_to(file)) {
        run_.settle();
        sink_.find(file);
    } else if (unflushed_) {
        run_.settle();
    }
}

bool QuietReporter::write(handle writer, handle text, object line) {
    if (!sink_.write(text, run_)) {
        line_ = object();
        return false;
    }
    unflushed_ = false;
    line_ = std::move(line);
    set(writer, "_current_line"_n, line_);
    return true;
}

bool QuietReporter::line_is_ours(handle writer) const {
    return line_.is_valid() && get(writer, "_current_line"_n).is(line_);
}

QuietReporter::Shown QuietReporter::markup(handle writer, handle text, handle style) {
    if (!truth(get(writer, "hasmarkup"_n))) return {borrow(text), borrow(text)};
    return {borrow(text), call_styled(writer, "markup"_n, {text}, styles({style}))};
}

QuietReporter::Shown QuietReporter::progress(handle writer, long long width) {
    std::string message = progress_message(reporter_);
    long long room = to_int(get(writer, "fullwidth"_n)) - width - 1 - static_cast<long long>(message.size());
    object text = str(std::string(static_cast<std::size_t>(std::max(room, 0LL)), ' ') + message);
    return markup(writer, text, item(call_method(reporter_, "_get_main_color"_n), integer(0)));
}

std::unique_ptr<hooks::QuietPart> quiet_terminal(handle reporter, hooks::QuietRun& run) {
    if (!type_of(reporter).is(global<"terminal_reporter", "TerminalReporter">())) return nullptr;
    if (equal(get(reporter, "_show_progress_info"_n), str("times"))) return nullptr;  // it looks at the reports
    return test_cases_verbosity(reporter) > 0 ? quiet_words(reporter, run) : quiet_letters(reporter, run);
}

void remember_reporter_methods(handle reporter_class) { g_reporter.remember(reporter_class, kReporterMethods); }

void remember_quiet_writer(handle writer_class) { g_writer.remember(writer_class, kWriterMethods); }

}  // namespace fastest::terminal
