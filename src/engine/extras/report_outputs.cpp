#include "engine/extras/report_outputs.h"

#include "engine/extras/features.h"
#include "engine/extras/records.h"
#include "os/environment.h"

namespace fastest::extras {
namespace {

object os_path(handle function, handle argument) { return call_method(lookup("os", "path"_n), function, argument); }

/// The absolute path of a file to be written, in a folder that is there. None when the option is not given.
object path_to_write(handle config, handle dest, const char* name) {
    object given = option(config, dest);
    if (is_none(given) || is_worker(config)) return none();
    if (!truth(given)) raise_usage_error(cat(name, " must be a path, given an empty one"));
    object path = os_path("abspath"_n, os_path("expanduser"_n, os_path("expandvars"_n, given)));
    if (truth(os_path("isdir"_n, path))) raise_usage_error(cat(name, " must be a filename, given: ", given));
    try {
        call_kw(lookup("os", "makedirs"_n), {os_path("dirname"_n, path)}, {{"exist_ok"_n, Py_True}});
    } catch (nb::python_error& error) {
        if (!error.matches(PyExc_OSError)) throw;
        raise_usage_error(cat(name, ": cannot make the folder: ", error.value()));
    }
    return path;
}

std::string fs_bytes(handle path) {
    object bytes = check(PyUnicode_EncodeFSDefault(path.ptr()));
    return PyBytes_AS_STRING(bytes.ptr());
}

void show(handle config, handle file, const std::string& text) {
    if (text.empty() || is_none(file)) return;
    if (is_none(get_or(get(config, "option"_n), "color"_n, Py_None))) {  // without the terminal plugin
        call_method(file, "write"_n, text_object(text));
        call_method(file, "flush"_n);
        return;
    }
    object writer = call(lookup("_pytest.config", "create_terminal_writer"_n), config, file);
    call_method_kw(writer, "write"_n, {text_object(text)}, {{"flush"_n, Py_True}});
}

bool is_set(handle config, const char* name) { return truth(get_or(get(config, "option"_n), str(name), Py_False)); }

/// Whether the run shows something that was asked for instead of running tests in the usual way.
bool shows_something_else(handle config) {
    for (const char* name : {"help", "version", "markers", "showfixtures", "show_fixtures_per_test", "cacheshow",
                             "setuponly", "setupshow", "setupplan"})
        if (is_set(config, name)) return true;
    return false;
}

/// What the terminal reporter writes from now on is not shown.
void silence_reporter(handle config) {
    object reporter = call_method(get(config, "pluginmanager"_n), "get_plugin"_n, "terminalreporter"_n);
    if (is_none(reporter)) return;
    object nowhere = call_kw(lookup("io", "open"_n), {lookup("os", "devnull"_n), "w"_n}, {{"encoding"_n, "utf-8"_n}});
    call_method(config, "add_cleanup"_n, get(nowhere, "close"_n));
    set(get(reporter, "_tw"_n), "_file"_n, nowhere);
}

}  // namespace

void ReportOutputs::want_json(handle config) {
    json_path_ = path_to_write(config, "fastest_report_json"_n, "--report-json");
    if (is_none(json_path_)) return;
    std::string error;
    os::LineFile file = os::LineFile::create(fs_bytes(json_path_), error);
    if (!file.is_open()) raise_usage_error(cat("--report-json: cannot write ", json_path_, ": ", error));
    json_ = std::make_shared<report::JsonLines>(std::move(file));
}

void ReportOutputs::want_ctrf(handle config) {
    ctrf_path_ = path_to_write(config, "fastest_report_ctrf"_n, "--report-ctrf");
    if (!is_none(ctrf_path_)) ctrf_ = std::make_shared<report::Ctrf>();
}

void ReportOutputs::want_annotations(handle config) {
    object given = option(config, "fastest_annotations"_n);
    std::string where = is_none(given) ? "auto" : any_text(given);
    if (where != "auto" && where != "github" && where != "no")
        raise_usage_error(cat("--annotations must be 'auto', 'github' or 'no', given: ", where));
    if (where == "no" || is_worker(config)) return;
    // A run inside another program or a test of another run is that one's affair, and a plugin may do it already.
    if (where == "auto" && (os::environment("GITHUB_ACTIONS") != "true" || os::environment("PYTEST_CURRENT_TEST") ||
                            any_text(get(get(config, "_parser"_n), "_prog"_n)) == "pytest.main()" ||
                            truth(call_method(get(config, "pluginmanager"_n), "hasplugin"_n,
                                              str("pytest_github_actions_annotate_failures")))))
        return;
    annotations_ = std::make_shared<report::GithubAnnotations>(os::environment("GITHUB_WORKSPACE").value_or(""));
}

void ReportOutputs::want_agent_text(handle config) {
    object given = option(config, "fastest_format"_n);
    std::string format = is_none(given) ? "pytest" : any_text(given);
    if (format != "agent" && format != "pytest")
        raise_usage_error(cat("--format must be 'pytest' or 'agent', given: ", format));
    if (format == "pytest" || is_worker(config) || shows_something_else(config)) return;
    report::AgentText::Settings settings;
    settings.silent_success = to_int(call_method(config, "get_verbosity"_n)) <= -2;
    settings.lists_tests = is_set(config, "collectonly");
    agent_ = std::make_shared<report::AgentText>(std::move(settings));
    screen_ = lookup("sys", "stdout"_n);
    silence_reporter(config);
}

std::unique_ptr<ReportOutputs> ReportOutputs::wanted(handle config) {
    auto outputs = std::make_unique<ReportOutputs>();
    outputs->want_agent_text(config);
    outputs->want_json(config);
    outputs->want_ctrf(config);
    outputs->want_annotations(config);
    bool any = outputs->json_ || outputs->ctrf_ || outputs->annotations_ || outputs->agent_;
    return any ? std::move(outputs) : nullptr;
}

void ReportOutputs::listen(RunEvents& events) {
    if (json_) events.add(json_);
    if (ctrf_) events.add(ctrf_);
    if (annotations_) events.add(annotations_);
    if (agent_) events.add(agent_);
}

std::string ReportOutputs::write_ctrf() const {
    std::string error;
    os::LineFile file = os::LineFile::create(fs_bytes(ctrf_path_), error);
    if (file.is_open()) file.write(ctrf_->document());
    return error.empty() ? file.error() : error;
}

void ReportOutputs::write(handle config) {
    object errors = lookup("sys", "stderr"_n);
    auto complain = [&](const char* name, handle path, const std::string& error) {
        show(config, errors, cat("ERROR: ", name, ": cannot write ", path, ": ", error, "\n"));
    };
    if (json_ && !json_->error().empty()) complain("--report-json", json_path_, json_->error());
    if (ctrf_)
        if (std::string error = write_ctrf(); !error.empty()) complain("--report-ctrf", ctrf_path_, error);
    if (agent_) show(config, screen_, agent_->text());
    if (annotations_) show(config, errors, annotations_->commands());
}

}  // namespace fastest::extras
