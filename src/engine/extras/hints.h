#pragma once
// What --enhanced-errors says beside an error: `report.hints`, a list of lines.
//
// Looking for something to say imports nothing and runs no more of users' code than `dir()` of an object at hand.
// Whatever that raises means that there is nothing to say.

#include <string>
#include <vector>

#include "engine/py/object.h"
#include "match/nearest_names.h"

namespace fastest::extras {

using namespace py;

/// The lines, each once, at most eight.
class Hints {
public:
    void add(std::string line);
    const std::vector<std::string>& lines() const { return lines_; }

private:
    std::vector<std::string> lines_;
};

/// An error of a node's, and what is known about it. All borrowed.
struct Failure {
    handle node;  // an item or a collector
    handle config;
    handle exception;
    handle traceback;  // may be None
    handle memory;     // dict: what need not be found out twice in a run
};

// What each file looks for.
void hint_at_missing_fixture(const Failure& failure, Hints& hints);
void hint_at_overrides(const Failure& failure, Hints& hints);
void hint_at_collection(const Failure& failure, Hints& hints);
void hint_at_imports(const Failure& failure, Hints& hints);
void hint_at_attributes(const Failure& failure, Hints& hints);
void hint_at_variables(const Failure& failure, Hints& hints);
void hint_at_keys(const Failure& failure, Hints& hints);
void hint_at_calls(const Failure& failure, Hints& hints);
void hint_at_files(const Failure& failure, Hints& hints);

/// "pip install pytest-mock" and the like for a fixture of a known plugin; empty for others.
std::string plugin_with_fixture(std::string_view name);
/// The project on the package index whose module has another name than the project has; empty when it is not known.
std::string project_with_module(std::string_view name);

// --- words ------------------------------------------------------------------------------------

/// "did you mean 'a', 'b' or 'c'?"; empty without names.
std::string did_you_mean(const std::vector<std::string>& names);
/// Where a function is defined, `path:line`: below the root folder of the run, below a folder of installed packages, or
/// absolute; "pytest's own" for what is built in.
std::string place_of(handle config, handle function);
/// A path as it is shown, without a line.
std::string shown_path(handle config, const std::string& path);
/// That a module hides one of the standard library's of the same name, or nothing.
std::string hides_standard_module(handle config, handle module);
/// What stands between two texts in a message; empty when they are not there.
std::string between(const std::string& message, std::string_view before, std::string_view after);

// --- where the error was raised ----------------------------------------------------------------

/// The last frame of the traceback; null when there is none.
object raising_frame(const Failure& failure);
/// Looks a name up where the frame would, without builtins; null when it is not there.
object variable_of(handle frame, handle name);
/// The fixture names that a node's functions see, offered to `names`.
void offer_fixtures(handle node, match::NearestNames& names);
/// The definition of a fixture that a node sees, null for none.
object visible_fixture(handle node, handle name);
/// A dict of any mapping.
object to_dict(handle mapping);
/// Offers the strings of an iterable.
void offer_all(handle names, match::NearestNames& nearest);

}  // namespace fastest::extras
