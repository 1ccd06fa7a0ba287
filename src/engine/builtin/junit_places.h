#pragma once
// Where the testcases of a LogXML stand.
//
// From the start of the session on, each has a place in the stream. `_unfinished` has the reporters whose text is not
// final: those of tests that run, and those that somebody else holds. When somebody asks for `node_reporters_ordered`,
// it becomes a list of reporters, `_ordered`, which counts from then on; so it is without a stream.

#include "engine/builtin/junit_stream.h"
#include "engine/builtin/xml_element.h"

namespace fastest::builtin {

/// Null when the session has not started, or no stream could.
JunitStream* stream_of(handle log);
/// Makes it the log's stream, which has no testcase yet.
void keep_stream(handle log, std::unique_ptr<JunitStream> stream);
/// The list of reporters, if that is what counts; else null.
object ordered_list(handle log);

/// A new reporter behind the others, found by the key in `node_reporters`.
object make_reporter(handle log, handle key, handle id);
/// The test whose first phases left no reports gets a reporter, as if they had.
void show_waiting(handle log);
/// The place of a reporter, which is to be asked before it is finalized; null if it has none.
object place_of(handle reporter);
/// Writes a finalized testcase to its place, if it has one. The reporter is dropped, unless somebody else could change
/// it.
void write_finished(handle log, handle reporter, handle place);

/// What the suite's head counts.
JunitStream::Counts counts_of(handle log);
/// Shows it in the stream when that is due. `now` is seconds since the epoch.
void show_counts(handle log, JunitStream& stream, double now);

/// Whether a text can be written as UTF-8: it has no lone surrogates.
bool is_encodable(std::string_view text);

/// The attributes `node_reporters` and `node_reporters_ordered`.
object read_reporters(Args a);
object read_ordered(Args a);

}  // namespace fastest::builtin
