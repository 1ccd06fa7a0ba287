// The names of the module `pytest` and the modules they live in. A name is looked up when it is first used.

#include "engine/py/module.h"

namespace fastest::settings {
namespace {

using namespace py::literals;
using py::Args;
using py::object;

struct PublicName {
    const char* name;
    const char* module;           // below _pytest
    const char* there = nullptr;  // what it is called there, when that differs
};

const PublicName kNames[] = {
    {"HIDDEN_PARAM", "mark"},
    {"Approx", "approx"},
    {"Cache", "cacheprovider"},
    {"CallInfo", "runner"},
    {"CaptureFixture", "capture"},
    {"Class", "python"},
    {"CollectReport", "reports"},
    {"Collector", "nodes"},
    {"Config", "config"},
    {"Dir", "main"},
    {"Directory", "nodes"},
    {"DoctestItem", "doctest"},
    {"ExceptionInfo", "_code"},
    {"ExitCode", "config"},
    {"File", "nodes"},
    {"FixtureDef", "fixtures"},
    {"FixtureLookupError", "fixtures"},
    {"FixtureRequest", "fixtures"},
    {"Function", "python"},
    {"HookRecorder", "pytester"},
    {"Item", "nodes"},
    {"LineMatcher", "pytester"},
    {"LogCaptureFixture", "logging"},
    {"Mark", "mark"},
    {"MarkDecorator", "mark"},
    {"MarkGenerator", "mark"},
    {"Metafunc", "python"},
    {"Module", "python"},
    {"MonkeyPatch", "monkeypatch"},
    {"OptionGroup", "config.argparsing"},
    {"Package", "python"},
    {"ParameterSet", "mark"},
    {"Parser", "config.argparsing"},
    {"PytestApproxDecimalToleranceWarning", "warning_types"},
    {"PytestAssertRewriteWarning", "warning_types"},
    {"PytestCacheWarning", "warning_types"},
    {"PytestCollectionWarning", "warning_types"},
    {"PytestConfigWarning", "warning_types"},
    {"PytestDeprecationWarning", "warning_types"},
    {"PytestExperimentalApiWarning", "warning_types"},
    {"PytestFDWarning", "warning_types"},
    {"PytestPluginManager", "config"},
    {"PytestRemovedIn10Warning", "warning_types"},
    {"PytestReturnNotNoneWarning", "warning_types"},
    {"PytestUnhandledThreadExceptionWarning", "warning_types"},
    {"PytestUnknownMarkWarning", "warning_types"},
    {"PytestUnraisableExceptionWarning", "warning_types"},
    {"PytestWarning", "warning_types"},
    {"Pytester", "pytester"},
    {"RaisesExc", "raises"},
    {"RaisesGroup", "raises"},
    {"RecordedHookCall", "pytester"},
    {"RunResult", "pytester"},
    {"ScopeName", "scope"},
    {"Session", "main"},
    {"Stash", "stash"},
    {"StashKey", "stash"},
    {"SubtestReport", "subtests"},
    {"Subtests", "subtests"},
    {"TempPathFactory", "tmpdir"},
    {"TempdirFactory", "legacypath"},
    {"TerminalReporter", "terminal"},
    {"TestReport", "reports"},
    {"TestShortLogReport", "terminal"},
    {"Testdir", "legacypath"},
    {"UsageError", "config"},
    {"WarningsRecorder", "recwarn"},
    {"__version__", ""},
    {"approx", "approx"},
    {"cmdline", "config"},
    {"console_main", "config"},
    {"deprecated_call", "recwarn"},
    {"exit", "outcomes"},
    {"fail", "outcomes"},
    {"fixture", "fixtures"},
    {"freeze_includes", "freeze_support"},
    {"hookimpl", "config"},
    {"hookspec", "config"},
    {"importorskip", "outcomes"},
    {"main", "config"},
    {"mark", "mark", "MARK_GEN"},
    {"param", "mark"},
    {"raises", "raises"},
    {"register_assert_rewrite", "assertion"},
    {"register_fixture", "fixtures"},
    {"set_trace", "debugging", "pytestPDB.set_trace"},
    {"skip", "outcomes"},
    {"version_tuple", ""},
    {"warns", "recwarn"},
    {"xfail", "outcomes"},
    {"yield_fixture", "fixtures"},
};

object resolve(Args a) {
    for (const PublicName& known : kNames) {
        if (PyUnicode_CompareWithASCIIString(a[0].ptr(), known.name) != 0) continue;
        std::string module = *known.module ? std::string("_pytest.") + known.module : "_pytest";
        object found = py::import_module(py::str(module));
        for (object part : py::each(py::call_method(py::str(known.there ? known.there : known.name), "split"_n, py::str("."))))
            found = py::get(found, part);
        return found;
    }
    py::raise(PyExc_AttributeError, py::cat("module 'pytest' has no attribute ", py::repr_of(a[0])));
}

FASTEST_MODULE(public_names, "pytest") {
    object names = py::new_list();
    for (const PublicName& known : kNames) py::append(names, py::str(known.name));
    m.attr("names", names);
    m.def("resolve", "name", resolve);
}

}  // namespace
}  // namespace fastest::settings
