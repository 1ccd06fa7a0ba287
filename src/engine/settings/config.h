#pragma once
// The namespace of `_pytest.config`, in pieces that live in several files.

#include <string>
#include <vector>

#include "config/distributions.h"
#include "engine/py/module.h"
#include "engine/settings/environment.h"

namespace fastest::settings {

void define_plugin_names(py::Module& m);
void define_import_failures(py::Module& m);
void define_plugin_loading(py::Module& m, py::ClassBuilder& manager);
void define_conftests(py::Module& m, py::ClassBuilder& manager);
void define_plugin_manager(py::Module& m);
void define_warning_filters(py::Module& m);
void define_rewrite_marks(py::Module& m, py::ClassBuilder& config);
void define_config_values(py::Module& m, py::ClassBuilder& config);
void define_config_warnings(py::Module& m, py::ClassBuilder& config);
void define_config_parse(py::Module& m, py::ClassBuilder& config);
void define_config(py::Module& m);
void define_main(py::Module& m);

/// A place inside pytest from which it warns; shown in the warnings summary.
struct WarningSite {
    long long line;
    const char* function;
    const char* source;
};
/// `Config.issue_config_time_warning` for callers that have no Python frame.
void warn_from(py::handle config, py::handle warning, const WarningSite& site);

/// A site, which is a constant, as the value of an attribute, and back; null for None.
py::object held_site(const WarningSite& site);
const WarningSite* site_in(py::handle holder);

/// While it lives, what asks the config to warn by a number of frames is shown at a place of ours, which has none.
/// Null: as asked for.
class WarningsShownAt {
public:
    WarningsShownAt(py::handle config, const WarningSite* site);
    ~WarningsShownAt();
    WarningsShownAt(const WarningsShownAt&) = delete;

private:
    py::object config_, before_;
};

/// The distributions on `sys.path`, or nothing when somebody may have changed what `importlib.metadata` finds.
std::optional<std::vector<config::Distribution>> native_distributions();
/// A stand-in for `importlib.metadata.Distribution` that reads the name and version itself.
py::object make_distribution(const config::Distribution& distribution);

/// The words of a line as a list of str (`shlex.split`); ValueError when quotes are left open.
py::object words_of(py::handle line);

}  // namespace fastest::settings
