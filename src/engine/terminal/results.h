#pragma once
// What became of the tests, as the terminal reporter keeps it: `reporter.stats` and
// `reporter._progress_nodeids_reported`.
//
// Of phases that passed quietly only the events are kept. They become reports when somebody outside reads `stats`; from
// then on reports are made at once, as whoever has the dict looks into it when he likes.

#include "engine/hooks/quiet.h"
#include "engine/nodes/shelter.h"

namespace fastest::terminal {

/// A new, empty record; reporters have it as `_results`.
py::object make_results();

/// The dict of categories without what is pending, for the engine's own questions about other categories than "" and
/// "passed".
py::object settled_stats(py::handle reporter);
/// The reports of a category with what is pending for it; null when there is none.
py::object reports_of(py::handle reporter, py::handle category);
/// The reports of a category that exist, as a new list: passes that are only pending have neither sections nor errors.
py::object made_reports_of(py::handle reporter, py::handle category);
/// Of the reports of "" that exist, those of an item's teardown; `id` is a NodeId.
py::object made_teardowns_of(py::handle reporter, py::handle id);
/// How many passes of a category are pending; 0 when reports are among what is pending for it, which then is settled.
Py_ssize_t pending_passes(py::handle reporter, py::handle category);
/// Adds reports to a category, behind what is pending for it. Says whether the category is new.
bool add_reports(py::handle reporter, py::handle category, py::handle reports);
/// Adds a quiet pass: of a call to "passed", of another phase to "". Says whether the category is new.
bool add_pass(py::handle reporter, const hooks::PhasePassed& event);
/// The same for one whose report has been made.
bool add_pass_report(py::handle reporter, const hooks::PhasePassed& event, nodes::Shelter& shelter);

/// Notes that an item was reported; `id` is a NodeId.
void note_reported(py::handle reporter, py::handle id);
/// How many items were reported so far.
Py_ssize_t reported_items(py::handle reporter);

/// The attributes `stats` and `_progress_nodeids_reported`, as far as nobody has asked for them.
void define_results(py::ClassBuilder& reporter);

}  // namespace fastest::terminal
