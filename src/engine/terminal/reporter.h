#pragma once
// The parts of `TerminalReporter`. Each file defines the members of one part on the class that reporter.cpp makes; all state
// is in Python attributes of the instance, since plugins read, replace and subclass it.

#include <initializer_list>
#include <string>
#include <string_view>

#include "engine/py/module.h"

namespace fastest::terminal {

void define_writing(py::ClassBuilder& reporter);
void define_progress(py::ClassBuilder& reporter);
void define_collection(py::ClassBuilder& reporter);
void define_session(py::ClassBuilder& reporter);
void define_outcomes(py::ClassBuilder& reporter);
void define_warnings(py::ClassBuilder& reporter);
void define_short_summary(py::ClassBuilder& reporter);
void define_totals(py::ClassBuilder& reporter);

/// Markup keywords: {name: True, ...}.
py::object styles(std::initializer_list<py::handle> names);
/// `target.method(*args, **keywords)` with a dict of keywords, null for none.
py::object call_styled(py::handle target, py::handle method, std::initializer_list<py::handle> args,
                       py::handle keywords);

/// `reporter._tw`.
py::object writer_of(py::handle reporter);

/// `reporter.config.option.<name>`.
py::object option(py::handle reporter, py::handle name);
bool option_is_set(py::handle reporter, py::handle name);
/// `reporter.config.get_verbosity(Config.VERBOSITY_TEST_CASES)`.
long long test_cases_verbosity(py::handle reporter);
/// `len(reporter.stats.get(category, []))`.
long long count_of(py::handle reporter, py::handle category);

}  // namespace fastest::terminal
