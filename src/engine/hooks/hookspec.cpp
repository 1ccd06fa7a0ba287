// The hooks of pytest: names, arguments and options (`_pytest.hookspec`).

#include "engine/py/module.h"

namespace fastest::hooks {

using namespace py::literals;
using py::handle;
using py::object;

namespace {

enum class Kind { kPlain, kFirst, kHistoric };

struct HookSpecification {
    const char* name;
    const char* arguments;
    Kind kind;
    const char* doc;
};

constexpr HookSpecification kHooks[] = {
    // start
    {"pytest_addhooks", "pluginmanager", Kind::kHistoric, "Declare more hooks with `pluginmanager.add_hookspecs()`."},
    {"pytest_plugin_registered", "plugin, plugin_name, manager", Kind::kHistoric, "A plugin has been registered."},
    {"pytest_addoption", "parser, pluginmanager", Kind::kHistoric, "Add command line options and ini settings to `parser`."},
    {"pytest_configure", "config", Kind::kHistoric, "Options are known: set things up."},
    {"pytest_cmdline_parse", "pluginmanager, args", Kind::kFirst, "Make the Config from the arguments."},
    {"pytest_load_initial_conftests", "early_config, parser, args", Kind::kPlain,
     "Load what must be there before options are parsed for good. Not called for conftests."},
    {"pytest_cmdline_main", "config", Kind::kFirst, "Do what the command line asks for; gives the exit code."},
    // collection
    {"pytest_collection", "session", Kind::kFirst, "Collect the items of the session."},
    {"pytest_collection_modifyitems", "session, config, items", Kind::kPlain, "Filter or reorder `items` in place."},
    {"pytest_collection_finish", "session", Kind::kPlain, "Collection is complete."},
    {"pytest_ignore_collect", "collection_path, config", Kind::kFirst, "True to leave a path out, False to take it."},
    {"pytest_collect_directory", "path, parent", Kind::kFirst, "Make the collector of a directory, or None."},
    {"pytest_collect_file", "file_path, parent", Kind::kPlain, "Make a collector of a file, or None."},
    {"pytest_collectstart", "collector", Kind::kPlain, "A collector starts."},
    {"pytest_itemcollected", "item", Kind::kPlain, "An item was collected."},
    {"pytest_collectreport", "report", Kind::kPlain, "A collector has finished."},
    {"pytest_deselected", "items", Kind::kPlain, "Items were deselected."},
    {"pytest_make_collect_report", "collector", Kind::kFirst, "Run `collector.collect()` and make the report of it."},
    {"pytest_pycollect_makemodule", "module_path, parent", Kind::kFirst, "Make the collector of a Python file."},
    {"pytest_pycollect_makeitem", "collector, name, obj", Kind::kFirst, "Make items or a collector of a Python object."},
    {"pytest_pyfunc_call", "pyfuncitem", Kind::kFirst, "Call the test function."},
    {"pytest_generate_tests", "metafunc", Kind::kPlain, "Parametrize a test function."},
    {"pytest_make_parametrize_id", "config, val, argname", Kind::kFirst, "The id of a parameter's value, or None."},
    // running
    {"pytest_runtestloop", "session", Kind::kFirst, "Run all items."},
    {"pytest_runtest_protocol", "item, nextitem", Kind::kFirst, "Run one item: set-up, call, teardown and their reports."},
    {"pytest_runtest_logstart", "nodeid, location", Kind::kPlain, "An item's protocol starts."},
    {"pytest_runtest_logfinish", "nodeid, location", Kind::kPlain, "An item's protocol has ended."},
    {"pytest_runtest_setup", "item", Kind::kPlain, "Set an item up."},
    {"pytest_runtest_call", "item", Kind::kPlain, "Run an item's test."},
    {"pytest_runtest_teardown", "item, nextitem", Kind::kPlain, "Tear an item down, as far as `nextitem` allows."},
    {"pytest_runtest_makereport", "item, call", Kind::kFirst, "Make the report of a phase."},
    {"pytest_runtest_logreport", "report", Kind::kPlain, "A phase's report is ready."},
    {"pytest_report_to_serializable", "config, report", Kind::kFirst, "A report as JSON-like data."},
    {"pytest_report_from_serializable", "config, data", Kind::kFirst, "The report that such data stands for."},
    // fixtures
    {"pytest_fixture_setup", "fixturedef, request", Kind::kFirst, "Run a fixture's set-up; gives its value."},
    {"pytest_fixture_post_finalizer", "fixturedef, request", Kind::kPlain, "A fixture was torn down; its value is still cached."},
    // the session
    {"pytest_sessionstart", "session", Kind::kPlain, "The session exists; collection comes next."},
    {"pytest_sessionfinish", "session, exitstatus", Kind::kPlain, "All tests have run."},
    {"pytest_unconfigure", "config", Kind::kPlain, "The process is about to end."},
    // assertions
    {"pytest_assertrepr_compare", "config, op, left, right", Kind::kPlain, "Lines that explain a failed comparison, or None."},
    {"pytest_assertion_pass", "item, lineno, orig, expl", Kind::kPlain, "An assertion passed (ini `enable_assertion_pass_hook`)."},
    // reporting
    {"pytest_report_header", "config, start_path", Kind::kPlain, "Lines for the header."},
    {"pytest_report_collectionfinish", "config, start_path, items", Kind::kPlain, "Lines below the collection's result."},
    {"pytest_report_teststatus", "report, config", Kind::kFirst, "Category, short letter and verbose word of a report."},
    {"pytest_terminal_summary", "terminalreporter, exitstatus, config", Kind::kPlain, "Add a section to the summary."},
    {"pytest_warning_recorded", "warning_message, when, nodeid, location", Kind::kHistoric, "A warning was caught."},
    // conditions, errors, debugging
    {"pytest_markeval_namespace", "config", Kind::kPlain, "Names for the conditions of skipif and xfail marks."},
    {"pytest_internalerror", "excrepr, excinfo", Kind::kPlain, "An error inside of the runner. True: it was handled."},
    {"pytest_keyboard_interrupt", "excinfo", Kind::kPlain, "The run was interrupted."},
    {"pytest_exception_interact", "node, call, report", Kind::kPlain, "An exception could be looked at interactively."},
    {"pytest_enter_pdb", "config, pdb", Kind::kPlain, "`pdb.set_trace()` was called."},
    {"pytest_leave_pdb", "config, pdb", Kind::kPlain, "The debugger is being left."},
};

object nothing(py::Args) { return py::none(); }

void declare(py::Module& m, const HookSpecification& hook) {
    object function = m.def(hook.name, hook.arguments, &nothing, hook.doc);
    if (hook.kind == Kind::kPlain) return;
    object opts = py::new_dict();
    py::dict_set(opts, "firstresult"_n, py::boolean(hook.kind == Kind::kFirst));
    py::dict_set(opts, "historic"_n, py::boolean(hook.kind == Kind::kHistoric));
    py::dict_set(opts, "warn_on_impl"_n, Py_None);
    py::dict_set(opts, "warn_on_impl_args"_n, Py_None);
    py::set(function, "pytest_spec"_n, opts);
}

}  // namespace

FASTEST_MODULE(hookspec, "_pytest.hookspec") {
    for (const HookSpecification& hook : kHooks) declare(m, hook);
}

}  // namespace fastest::hooks
