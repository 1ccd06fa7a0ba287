// The options that pytest does not have.

#include "engine/extras/features.h"
#include "engine/settings/argparsing.h"

namespace fastest::extras {
namespace {

/// An option with a value.
void add_value(handle group, const char* name, const char* dest, const char* metavar, const char* help) {
    settings::add_yielding_option(
        group, {name},
        {{"dest"_n, str(dest)}, {"metavar"_n, str(metavar)}, {"default"_n, Py_None}, {"help"_n, str(help)}});
}

void add_flag(handle group, const char* name, const char* dest, const char* help) {
    settings::add_yielding_option(
        group, {name},
        {{"dest"_n, str(dest)}, {"action"_n, "store_true"_n}, {"default"_n, Py_False}, {"help"_n, str(help)}});
}

/// Argument: the parser. The names under which values are kept are not those of the options: a plugin may use these for
/// options of other names.
object add_options(Args a) {
    object group = call_method(a[0], "getgroup"_n, "fastest"_n, str("Beyond pytest"));
    add_flag(group, "--instafail", "fastest_instafail", "Show failures and errors at once, not at the end.");
    add_flag(group, "--enhanced-errors", "fastest_enhanced_errors",
             "Add hints to errors: names that are nearly the wanted one, shadowed fixtures, the paths at which nested "
             "data differ, common mistakes.");
    add_value(group, "--format", "fastest_format", "NAME",
              "What is shown: 'pytest' (default), or 'agent': failures only, short and the same in each run, with "
              "commands to run them again.");
    add_value(group, "--fixture-durations", "fastest_fixture_durations", "N",
              "Show N slowest fixtures by the time of their set-up and teardown (N=0 for all).");
    add_value(group, "--report-json", "fastest_report_json", "PATH",
              "Write what happens to a file of JSON lines, while it happens.");
    add_value(group, "--report-ctrf", "fastest_report_ctrf", "PATH",
              "Write a report in the Common Test Report Format (JSON) at the end.");
    add_value(group, "--annotations", "fastest_annotations", "WHERE",
              "Annotate failures and warnings in the source: 'github', 'no', or 'auto' (default): for GitHub when "
              "GITHUB_ACTIONS is true.");
    return none();
}

/// Argument: the config.
object configure(Args a) {
    configure_run_events(a[0]);
    configure_instafail(a[0]);
    configure_fixture_durations(a[0]);
    configure_enhanced_errors(a[0]);
    return none();
}

}  // namespace

object option(handle config, handle dest) { return get_or(get(config, "option"_n), dest, Py_None); }

bool is_worker(handle config) { return has(config, "workerinput"_n); }

void raise_usage_error(const std::string& message) {
    raise_exception(call(lookup("_pytest.config.exceptions", "UsageError"_n), str(message)));
}

void register_plugin(handle config, handle plugin, const char* name) {
    call_method(get(config, "pluginmanager"_n), "register"_n, plugin, str(name));
}

}  // namespace fastest::extras

FASTEST_MODULE(extras, "fastest.extras") {
    using namespace fastest::extras;
    m.def("add_options", "parser", add_options);
    m.def("configure", "config", configure);
}
