#pragma once
// Records of report/events.h from nodes and reports.

#include "engine/extras/run_events.h"
#include "engine/py/module.h"

namespace fastest::extras {

using namespace py;

/// The text of a str, or of `str(value)`: UTF-8 with surrogates passed.
std::string any_text(handle value);
/// The other way round.
object text_object(std::string_view text);

report::Collected collected_item(handle item, std::string_view status);
/// A collector that failed or was skipped.
report::Collected collected_report(handle report, const RunEvents& events);

/// What a report says of its phase; the texts that it points to are `report`'s and this record's own.
struct PhaseRecord {
    explicit PhaseRecord(handle report, const RunEvents& events);
    PhaseRecord(const PhaseRecord&) = delete;

    std::string id, when, outcome;
    report::PhaseEnded phase;
    std::vector<std::string> texts;  // of the outputs: stream, text, stream, ...
    std::vector<report::Output> outputs;
};

}  // namespace fastest::extras
