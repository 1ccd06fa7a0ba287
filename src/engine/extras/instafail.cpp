// --instafail: failures and errors are shown when they happen, and not at the end.

#include "engine/extras/features.h"
#include "engine/hooks/quiet.h"

namespace fastest::extras {
namespace {

object reporter_of(handle self) { return get(self, "_reporter"_n); }

std::string traceback_style(handle reporter) {
    return text_of(get(get(get(reporter, "config"_n), "option"_n), "tbstyle"_n));
}

object title_of(handle reporter, handle report) {
    object line = call_method(reporter, "_getfailureheadline"_n, report), when = get(report, "when"_n);
    if (equal(when, "call"_n)) return line;
    return equal(when, "collect"_n) ? strcat("ERROR collecting ", line) : strcat("ERROR at ", when, " of ", line);
}

void show(handle self, handle report) {
    object reporter = reporter_of(self);
    std::string style = traceback_style(reporter);
    if (style == "no") return;
    call_method(reporter, "ensure_newline"_n);
    if (style == "line") {
        call_method(reporter, "write_line"_n, call_method(reporter, "_getcrashline"_n, report));
    } else {
        call_method_kw(reporter, "write_sep"_n, {"_"_n, title_of(reporter, report)},
                       {{"red"_n, Py_True}, {"bold"_n, Py_True}});
        call_method(reporter, "_outrep_summary"_n, report);
    }
    call_method(reporter, "flush"_n);
}

/// What a test wrote in its teardown after it failed.
void show_teardown(handle self, handle report) {
    object reporter = reporter_of(self);
    std::string style = traceback_style(reporter);
    if (style == "no" || style == "line" || !truth(get(report, "sections"_n))) return;
    call_method(reporter, "ensure_newline"_n);
    call_method(reporter, "print_teardown_sections"_n, report);
}

object log_report(Args a) {
    handle self = a[0], report = a[1];
    object id = get(report, "nodeid"_n), last_failed = get(self, "_failed"_n);
    bool is_teardown = equal(get(report, "when"_n), "teardown"_n);
    if (truth(get(report, "failed"_n))) {
        show(self, report);
        set(self, "_failed"_n, id);
    } else if (is_teardown && equal(id, last_failed)) {
        show_teardown(self, report);
    }
    if (is_teardown) set(self, "_failed"_n, Py_None);
    return none();
}

object collect_report(Args a) {
    if (truth(get(a[1], "failed"_n))) show(a[0], a[1]);
    return none();
}

object show_nothing(Args) { return none(); }

}  // namespace

void configure_instafail(handle config) {
    object reporter = call_method(get(config, "pluginmanager"_n), "get_plugin"_n, "terminalreporter"_n);
    // A debugger shows each failure by itself.
    if (!truth(option(config, "fastest_instafail"_n)) || is_none(reporter) || truth(option(config, "usepdb"_n))) return;
    object plugin = call(global<"extras_instafail", "Instafail">());
    set(plugin, "_reporter"_n, reporter);
    set(plugin, "_failed"_n, Py_None);
    for (const char* summary : {"summary_failures", "summary_errors"})
        set(reporter, str(summary), make_function(summary, "", show_nothing));
    register_plugin(config, plugin, "fastest.instafail");
}

}  // namespace fastest::extras

FASTEST_MODULE(extras_instafail, "fastest.extras") {
    using namespace fastest::extras;
    object plugin = m.cls("Instafail")
                        .doc("Shows failures when they happen.")
                        .hook("pytest_runtest_logreport", "self, report", log_report, {.trylast = true})
                        .hook("pytest_collectreport", "self, report", collect_report, {.trylast = true})
                        .make();
    fastest::hooks::plays_quietly(get(plugin, "pytest_runtest_logreport"_n), fastest::hooks::idle_part);
}
