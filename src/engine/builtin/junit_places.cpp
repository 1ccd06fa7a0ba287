#include "engine/builtin/junit_places.h"

#include "engine/builtin/cache.h"
#include "os/clock.h"

namespace fastest::builtin {
namespace {

constexpr const char* kStream = "fastest.junit_stream";

}  // namespace

JunitStream* stream_of(handle self) {
    object capsule = dict_get(dict_of(self), "_stream"_n);
    if (!capsule.is_valid() || !PyCapsule_IsValid(capsule.ptr(), kStream)) return nullptr;
    return static_cast<JunitStream*>(PyCapsule_GetPointer(capsule.ptr(), kStream));
}

object ordered_list(handle self) { return dict_get(dict_of(self), "_ordered"_n); }

namespace {

/// A finished testcase that is read back when somebody asks for it. Closure: the log, its place, and a list for what
/// was read.
object read_back(Args b) {
    object log = item(b.closure(), integer(0)), place = item(b.closure(), integer(1)),
           known = item(b.closure(), integer(2));
    if (!truth(known)) {
        std::string text = stream_of(log)->text_of(static_cast<std::size_t>(to_int(place)));
        append(known, call(lookup("xml.etree.ElementTree", "fromstring"_n), str(text)));
    }
    return item(known, integer(0));
}

object finished_reporter(handle self, std::size_t place) {
    object reporter = bare_instance(lookup("_pytest.junitxml", "_NodeReporter"_n));
    object closure = tuple_of(self, integer(static_cast<long long>(place)), new_list());
    set(reporter, "to_xml"_n, make_function("to_xml", "", read_back, closure));
    return reporter;
}

void add_reporter(handle self, handle reporter) {
    object place;
    if (JunitStream* stream = stream_of(self)) {
        place = integer(static_cast<long long>(stream->reserve()));
        set(reporter, "_place"_n, place);
    }
    if (object ordered = ordered_list(self); ordered.is_valid())
        append(ordered, reporter);
    else
        dict_set(get(self, "_unfinished"_n), place, reporter);
}

}  // namespace

object make_reporter(handle self, handle key, handle id) {
    object made = call(lookup("_pytest.junitxml", "_NodeReporter"_n), id, self);
    dict_set(get(self, "_node_reporters"_n), key, made);
    add_reporter(self, made);
    return made;
}

/// The test whose first phases left no reports gets a reporter, as if they had.
void show_waiting(handle self) {
    JunitStream* stream = stream_of(self);
    if (!stream || !stream->waiting) return;
    JunitStream::Waiting waiting = std::move(*stream->waiting);
    stream->waiting.reset();
    object id = parse_node_id(str(waiting.nodeid)), key = tuple_of(id, Py_None);
    object reporter = dict_get(get(self, "_node_reporters"_n), key);
    if (!reporter.is_valid()) reporter = make_reporter(self, key, id);
    set(reporter, "duration"_n, real(to_double(get(reporter, "duration"_n)) + waiting.duration));
}

object read_reporters(Args a) {
    show_waiting(a[0]);
    return get(a[0], "_node_reporters"_n);
}

object read_ordered(Args a) {
    handle self = a[0];
    if (object known = ordered_list(self); known.is_valid()) return known;
    show_waiting(self);
    object ordered = new_list(), unfinished = get(self, "_unfinished"_n);
    if (JunitStream* stream = stream_of(self))
        for (std::size_t place = 0; place < stream->size(); ++place) {
            object reporter = dict_get(unfinished, integer(static_cast<long long>(place)));
            append(ordered, reporter.is_valid() ? reporter : finished_reporter(self, place));
        }
    set(self, "_ordered"_n, ordered);
    return ordered;
}

JunitStream::Counts counts_of(handle self) {
    object stats = get(self, "stats"_n);
    auto count = [&](handle key) { return to_int(item(stats, key)); };
    JunitStream::Counts counts{count("error"_n), count("failure"_n), count("skipped"_n), 0};
    counts.tests = count("passed"_n) + counts.failures + counts.skipped + counts.errors -
                   to_int(get(self, "cnt_double_fail_tests"_n));
    return counts;
}

/// Whether a text can be written as UTF-8: it has no lone surrogates.
bool is_encodable(std::string_view text) {
    for (std::size_t at = text.find('\xed'); at != std::string_view::npos; at = text.find('\xed', at + 1))
        if (at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) >= 0xa0) return false;
    return true;
}

namespace {

std::string text_of(handle reporter) {
    std::string text;
    write_xml(text, call_method(reporter, "to_xml"_n));
    return text;
}

/// Drops the last reporter that somebody else held when its text was written, if nobody does any longer.
void drop_released(handle self, JunitStream& stream) {
    object place = get_or(self, "_held"_n, Py_None), unfinished = get(self, "_unfinished"_n);
    if (is_none(place)) return;
    set(self, "_held"_n, Py_None);
    object reporter = dict_get(unfinished, place);
    constexpr Py_ssize_t kOurs = 2;  // the dict's and this one
    if (reporter.is_valid() && Py_REFCNT(reporter.ptr()) <= kOurs &&
        text_of(reporter) == stream.text_of(static_cast<std::size_t>(to_int(place))))
        dict_remove(unfinished, place);
}

}  // namespace

object place_of(handle reporter) { return dict_get(dict_of(reporter), "_place"_n); }

void write_finished(handle self, handle reporter, handle place) {
    JunitStream* stream = stream_of(self);
    if (!stream || !place.is_valid()) return;
    bool listed = ordered_list(self).is_valid();
    if (!listed) drop_released(self, *stream);
    std::string text = text_of(reporter);
    if (!is_encodable(text) || !stream->fill(static_cast<std::size_t>(to_int(place)), text)) return;
    constexpr Py_ssize_t kOurs = 2;  // the dict's and the caller's
    if (!listed && Py_REFCNT(reporter.ptr()) <= kOurs)
        dict_remove(get(self, "_unfinished"_n), place);
    else if (!listed)
        set(self, "_held"_n, place);
    show_counts(self, *stream, os::wall_time());
}

void show_counts(handle self, JunitStream& stream, double now) {
    if (stream.is_due(now)) stream.show(counts_of(self), now);
}

void keep_stream(handle self, std::unique_ptr<JunitStream> stream) {
    object capsule = check(PyCapsule_New(stream.get(), kStream, [](PyObject* dying) {
        delete static_cast<JunitStream*>(PyCapsule_GetPointer(dying, kStream));
    }));
    stream.release();
    set(self, "_stream"_n, capsule);
    dict_remove(dict_of(self), "_ordered"_n);
}

}  // namespace fastest::builtin
