// Names that a `_pytest` module has because it uses them, and that live elsewhere: plugins import them from either place.

#include <string_view>

#include "engine/py/facades.h"
#include "engine/py/module.h"

namespace fastest::settings {
namespace {

using namespace py::literals;
using py::Args;
using py::handle;
using py::object;

struct Names {
    std::string_view module;
    std::string_view names;  // each between two spaces
};

/// Where each name lives. Those of a place that is empty or ends in a dot are modules themselves.
const Names kHomes[] = {
    {"",
     " _pytest abc argparse ast atexit bdb builtins collections contextlib copy dataclasses datetime enum errno "
     "fnmatch functools gc glob hashlib heapq importlib inspect io itertools json keyword linecache locale logging "
     "marshal math os pathlib platform pluggy posixpath pprint pytest re reprlib shlex shutil stat subprocess sys "
     "tempfile textwrap threading time tokenize traceback types unicodedata uuid warnings "},
    {"_pytest.",
     " compat fixtures nodes outcomes timing "},
    {"_pytest._code.code",
     " ExceptionChainRepr ExceptionInfo ExceptionInfoFormatter ExceptionRepr ReprEntry ReprEntryNative "
     "ReprExceptionInfo ReprFileLocation ReprFuncArgs ReprLocals ReprTraceback TerminalRepr Traceback "
     "filter_traceback getfslineno stringify_exception "},
    {"_pytest._code.source",
     " Source "},
    {"_pytest._io.pprint",
     " PrettyPrinter _safe_key "},
    {"_pytest._io.saferepr",
     " safeformat saferepr saferepr_unlimited "},
    {"_pytest._io.terminalwriter",
     " TerminalWriter "},
    {"_pytest.approx",
     " approx "},
    {"_pytest.assertion._compare_any",
     " _compare_eq_any "},
    {"_pytest.assertion._compare_set",
     " SET_COMPARISON_FUNCTIONS "},
    {"_pytest.assertion._typing",
     " NO_TRUNCATION_BUDGET TruncationBudget _HighlightFunc "},
    {"_pytest.assertion.compare_text",
     " _notin_text "},
    {"_pytest.assertion.highlight",
     " dummy_highlighter "},
    {"_pytest.cacheprovider",
     " Cache "},
    {"_pytest.capture",
     " CaptureFixture CaptureManager FDCapture SysCapture "},
    {"_pytest.compat",
     " LEGACY_PATH NOTSET NotSetType ascii_escaped deprecated get_default_arg_names get_real_func getfuncargnames "
     "getimfunc getlocation is_async_function running_on_ci safe_getattr safe_isclass signature "},
    {"_pytest.config",
     " Config ConftestImportFailure ExitCode PytestPluginManager UsageError _strtobool create_terminal_writer "
     "directory_arg filename_arg hookimpl parse_warning_filter "},
    {"_pytest.config.argparsing",
     " OverrideIniAction Parser _ini_type_repr _split_help_text "},
    {"_pytest.config.exceptions",
     " PrintHelp "},
    {"_pytest.deprecated",
     " CALLSPEC2_RENAMED CLASS_FIXTURE_INSTANCE_METHOD FIXTUREDEF_HAS_LOCATION_DEPRECATED FIXTURE_BASEID_DEPRECATED "
     "FIXTURE_GETFIXTUREVALUE_DURING_TEARDOWN FIXTURE_NODEID_DEPRECATED MONKEYPATCH_LEGACY_NAMESPACE_PACKAGES "
     "PARAMETRIZE_NON_COLLECTION_ITERABLE PARSEFACTORIES_NODEID_DEPRECATED PASTEBIN TERMINAL_WRITE_LINE_BYTES "
     "YIELD_FIXTURE check_ispytest "},
    {"_pytest.fixtures",
     " FixtureDef FixtureFunctionDefinition FixtureRequest FuncFixtureInfo SubRequest TopRequest "
     "_resolve_args_directness get_scope_node "},
    {"_pytest.logging",
     " LogCaptureHandler LoggingPlugin catching_logs "},
    {"_pytest.main",
     " Session "},
    {"_pytest.mark.",
     " expression "},
    {"_pytest.mark.structures",
     " HIDDEN_PARAM Mark MarkDecorator NodeKeywords ParameterSet _HiddenParam get_unpacked_marks normalize_mark_list "},
    {"_pytest.monkeypatch",
     " MonkeyPatch "},
    {"_pytest.nodeid",
     " NodeId coerce_node_id "},
    {"_pytest.nodes",
     " Collector Directory File Item Node "},
    {"_pytest.outcomes",
     " Exit OutcomeException exit fail skip xfail "},
    {"_pytest.pathlib",
     " ImportMode absolutepath bestrelpath commonpath fnmatch_ex import_path make_numbered_dir resolve_package_path "
     "safe_exists "},
    {"_pytest.pytester",
     " HookRecorder Pytester RunResult "},
    {"_pytest.python",
     " Class Function Module "},
    {"_pytest.raises",
     " AbstractRaises "},
    {"_pytest.reports",
     " BaseReport CollectErrorRepr CollectReport TestReport "},
    {"_pytest.runner",
     " CallInfo SetupState check_interactive_exception collect_one_node get_reraise_exceptions "},
    {"_pytest.scope",
     " Scope "},
    {"_pytest.stash",
     " Stash StashKey "},
    {"_pytest.subtests",
     " SubtestContext SubtestReport "},
    {"_pytest.terminal",
     " TerminalProgressPlugin TerminalReporter "},
    {"_pytest.tmpdir",
     " TempPathFactory "},
    {"_pytest.tracemalloc",
     " tracemalloc_message "},
    {"_pytest.warning_types",
     " PytestApproxDecimalToleranceWarning PytestCollectionWarning PytestDeprecationWarning PytestFDWarning "
     "PytestRemovedIn10Warning PytestReturnNotNoneWarning PytestUnknownMarkWarning PytestWarning UnformattedWarning "
     "warn_explicit_for "},
    {"contextlib",
     " contextmanager "},
    {"os.path",
     " dirname exists isabs isdir isfile islink normpath "},
    {"pathlib",
     " Path PurePath "},
    {"pluggy._callers",
     " _multicall "},
    {"pluggy._hooks",
     " HookCaller HookImpl HookRelay HookimplOpts HookspecOpts _SubsetHookCaller normalize_hookimpl_opts "},
    {"pluggy._result",
     " Result "},
};

/// Which modules have which of them.
const Names kUsers[] = {
    {"_pytest._argcomplete",
     " argparse sys "},
    {"_pytest._code.code",
     " Path TerminalWriter _pytest absolutepath ast bestrelpath check_ispytest dataclasses get_real_func inspect os "
     "pluggy re safeformat saferepr sys "},
    {"_pytest._code.source",
     " ast inspect linecache textwrap tokenize types warnings "},
    {"_pytest._io.pprint",
     " re sys "},
    {"_pytest._io.saferepr",
     " pprint reprlib "},
    {"_pytest._io.terminalwriter",
     " os shutil sys "},
    {"_pytest._io.wcwidth",
     " unicodedata "},
    {"_pytest._py.path",
     " atexit contextmanager dirname exists fnmatch importlib io isabs isdir isfile islink normpath posixpath sys "
     "uuid warnings "},
    {"_pytest.approx",
     " PytestApproxDecimalToleranceWarning abc builtins math pprint sys warnings "},
    {"_pytest.assertion",
     " Config Item NO_TRUNCATION_BUDGET Parser TruncationBudget hookimpl sys "},
    {"_pytest.assertion._compare_any",
     " NO_TRUNCATION_BUDGET TruncationBudget _HighlightFunc dataclasses pprint "},
    {"_pytest.assertion._compare_mapping",
     " NO_TRUNCATION_BUDGET TruncationBudget _HighlightFunc _safe_key heapq pprint saferepr "},
    {"_pytest.assertion._compare_sequence",
     " NO_TRUNCATION_BUDGET PrettyPrinter TruncationBudget _HighlightFunc running_on_ci saferepr "},
    {"_pytest.assertion._compare_set",
     " _HighlightFunc saferepr "},
    {"_pytest.assertion._guards",
     " collections dataclasses "},
    {"_pytest.assertion.compare_text",
     " NO_TRUNCATION_BUDGET TruncationBudget _HighlightFunc dummy_highlighter saferepr "},
    {"_pytest.assertion.rewrite",
     " Config FixtureFunctionDefinition Path PurePath Session StashKey ast errno functools importlib io itertools "
     "marshal os sys tokenize types "},
    {"_pytest.assertion.truncate",
     " Config NO_TRUNCATION_BUDGET TruncationBudget "},
    {"_pytest.assertion.util",
     " Config NO_TRUNCATION_BUDGET SET_COMPARISON_FUNCTIONS TruncationBudget _HighlightFunc _compare_eq_any _notin_text "
     "_pytest dummy_highlighter outcomes saferepr saferepr_unlimited "},
    {"_pytest.cacheprovider",
     " CollectReport Config Directory File FixtureRequest NodeId Parser Path Session TerminalWriter TestReport "
     "check_ispytest dataclasses errno json nodes os shutil tempfile "},
    {"_pytest.capture",
     " CollectReport Collector Config File Item Parser SubRequest abc check_ispytest collections contextlib hookimpl "
     "io os sys "},
    {"_pytest.compat",
     " Path enum functools inspect os "},
    {"_pytest.config",
     " ExceptionInfo HookimplOpts HookspecOpts ImportMode NodeId Stash TerminalWriter _pytest absolutepath argparse "
     "bestrelpath builtins collections contextlib copy dataclasses deprecated enum fail filter_traceback glob "
     "import_path importlib inspect json os pathlib re resolve_package_path safe_exists shlex sys types warnings "},
    {"_pytest.config.argparsing",
     " UsageError _pytest check_ispytest dataclasses os re sys textwrap types "},
    {"_pytest.config.findpaths",
     " NodeId Path UsageError absolutepath commonpath fail os safe_exists sys "},
    {"_pytest.debugging",
     " BaseReport CallInfo CaptureManager Config ConftestImportFailure ExceptionInfo Node Parser PytestPluginManager "
     "UsageError argparse functools hookimpl importlib outcomes sys types "},
    {"_pytest.deprecated",
     " PytestDeprecationWarning PytestRemovedIn10Warning UnformattedWarning "},
    {"_pytest.doctest",
     " Collector Config ExceptionInfo FixtureFunctionDefinition Item Module OutcomeException Parser Path "
     "PytestWarning ReprFileLocation TerminalRepr TerminalWriter TopRequest approx bdb fnmatch_ex functools inspect "
     "os outcomes platform re safe_getattr skip sys traceback types warnings "},
    {"_pytest.faulthandler",
     " Config Item Parser StashKey os pytest sys "},
    {"_pytest.fixtures",
     " CLASS_FIXTURE_INSTANCE_METHOD Config ExceptionInfoFormatter ExitCode FIXTUREDEF_HAS_LOCATION_DEPRECATED "
     "FIXTURE_BASEID_DEPRECATED FIXTURE_GETFIXTUREVALUE_DURING_TEARDOWN FIXTURE_NODEID_DEPRECATED Mark MarkDecorator "
     "NOTSET NotSetType PARSEFACTORIES_NODEID_DEPRECATED ParameterSet Parser Path PytestWarning Session Source "
     "TerminalRepr TerminalWriter YIELD_FIXTURE _pytest abc absolutepath bestrelpath check_ispytest dataclasses "
     "deprecated fail functools get_real_func getfslineno getfuncargnames getimfunc getlocation hookimpl inspect "
     "nodes os safe_getattr safe_isclass signature skip sys types warn_explicit_for warnings "},
    {"_pytest.freeze_support",
     " types "},
    {"_pytest.helpconfig",
     " Config ExitCode Parser PrintHelp TerminalReporter _ini_type_repr _split_help_text argparse os pytest sys "},
    {"_pytest.hookspec",
     " Path "},
    {"_pytest.junitxml",
     " BaseReport CollectReport Config ExceptionRepr FixtureRequest NodeId Parser ReprFileLocation StashKey "
     "TerminalReporter TestReport coerce_node_id filename_arg functools nodes os platform pytest re timing "},
    {"_pytest.legacypath",
     " Cache Collector Config FixtureRequest HookRecorder Item MonkeyPatch Node Path PytestPluginManager Pytester "
     "RunResult Session TempPathFactory TerminalReporter check_ispytest dataclasses hookimpl shlex subprocess "},
    {"_pytest.logging",
     " CaptureManager Config FixtureRequest Parser Path Session StashKey TerminalReporter TerminalWriter UsageError "
     "_strtobool check_ispytest create_terminal_writer hookimpl io logging nodes os re "},
    {"_pytest.main",
     " CollectReport Config ExitCode NodeId OverrideIniAction Parser Path PytestPluginManager PytestWarning "
     "SetupState TestReport UsageError _pytest argparse collect_one_node dataclasses directory_arg exit fnmatch "
     "functools hookimpl importlib os pluggy sys warnings "},
    {"_pytest.mark",
     " Config ExitCode NOTSET Parser StashKey UsageError collections dataclasses hookimpl "},
    {"_pytest.mark.expression",
     " ast dataclasses enum expression keyword re types "},
    {"_pytest.mark.structures",
     " AbstractRaises Config NOTSET NotSetType PARAMETRIZE_NON_COLLECTION_ITERABLE PytestCollectionWarning "
     "PytestUnknownMarkWarning check_ispytest collections dataclasses enum fail getfslineno inspect warnings "},
    {"_pytest.monkeypatch",
     " MONKEYPATCH_LEGACY_NAMESPACE_PACKAGES NOTSET NotSetType Path PytestWarning importlib os re sys warnings "},
    {"_pytest.nodeid",
     " dataclasses "},
    {"_pytest.nodes",
     " Config ConftestImportFailure ExceptionInfo LEGACY_PATH Mark MarkDecorator NodeKeywords Path PytestWarning "
     "Stash TerminalRepr Traceback abc absolutepath fail getfslineno os pluggy signature warnings "},
    {"_pytest.outcomes",
     " importlib sys "},
    {"_pytest.pastebin",
     " Config PASTEBIN Parser StashKey TerminalReporter create_terminal_writer pytest tempfile "},
    {"_pytest.pathlib",
     " Path PurePath PytestWarning contextlib fnmatch importlib itertools os shutil skip stat sys types uuid warnings "},
    {"_pytest.pytester",
     " CollectReport Collector Config FixtureRequest Item MonkeyPatch NotSetType Parser Path PytestFDWarning "
     "PytestPluginManager Session Source TempPathFactory TestReport bestrelpath collections fail gc hookimpl locale "
     "make_numbered_dir platform re shutil traceback "},
    {"_pytest.pytester_assertions",
     " CollectReport TestReport "},
    {"_pytest.python",
     " CALLSPEC2_RENAMED Config ExceptionInfo FixtureDef FixtureRequest FuncFixtureInfo HIDDEN_PARAM Mark "
     "MarkDecorator NOTSET NotSetType ParameterSet Parser Path PytestCollectionWarning PytestReturnNotNoneWarning "
     "Scope Session StashKey TerminalRepr Traceback UsageError _HiddenParam _pytest _resolve_args_directness abc "
     "ascii_escaped check_ispytest dataclasses enum fail filter_traceback fnmatch get_default_arg_names "
     "get_real_func get_scope_node get_unpacked_marks getfslineno getimfunc hashlib hookimpl inspect "
     "is_async_function itertools normalize_mark_list os re safe_getattr safe_isclass saferepr skip textwrap types "
     "warnings "},
    {"_pytest.raises",
     " ExceptionInfo PytestWarning fail re stringify_exception sys warnings "},
    {"_pytest.recwarn",
     " Exit check_ispytest fail re "},
    {"_pytest.reports",
     " Collector Config ExceptionChainRepr ExceptionInfo ExceptionRepr Item NodeId ReprEntry ReprEntryNative "
     "ReprExceptionInfo ReprFileLocation ReprFuncArgs ReprLocals ReprTraceback TerminalRepr TerminalWriter "
     "coerce_node_id dataclasses fail os skip sys "},
    {"_pytest.runner",
     " BaseReport CollectErrorRepr CollectReport Collector Config Directory ExceptionChainRepr ExceptionInfo Exit "
     "Item Node OutcomeException Parser TerminalRepr TestReport bdb check_ispytest dataclasses os sys timing types "},
    {"_pytest.setuponly",
     " Config ExitCode FixtureDef Parser Scope SubRequest pytest saferepr "},
    {"_pytest.setupplan",
     " Config ExitCode FixtureDef Parser SubRequest pytest "},
    {"_pytest.skipping",
     " AbstractRaises BaseReport CallInfo Config Item Mark Parser StashKey TestReport dataclasses fail hookimpl os "
     "platform skip sys traceback xfail "},
    {"_pytest.stepwise",
     " Cache Config NodeId Parser Session TestReport dataclasses nodes "},
    {"_pytest.subtests",
     " CallInfo CaptureFixture Config ExceptionInfo FDCapture LogCaptureHandler LoggingPlugin NodeId Parser StashKey "
     "SubRequest SysCapture TestReport catching_logs check_interactive_exception check_ispytest dataclasses "
     "get_reraise_exceptions hookimpl pluggy saferepr time "},
    {"_pytest.terminal",
     " BaseReport CollectReport Config ExceptionInfo ExceptionRepr ExitCode Item Node NodeId Parser Path "
     "TERMINAL_WRITE_LINE_BYTES TerminalWriter TestReport _pytest absolutepath argparse bestrelpath compat "
     "dataclasses datetime hookimpl inspect nodes platform pluggy sys textwrap timing warnings "},
    {"_pytest.terminalprogress",
     " Config TerminalProgressPlugin TerminalReporter hookimpl os "},
    {"_pytest.threadexception",
     " Config Item StashKey collections functools pytest threading traceback tracemalloc_message "},
    {"_pytest.timing",
     " dataclasses "},
    {"_pytest.tmpdir",
     " Config ExitCode FixtureRequest Item MonkeyPatch Parser Path StashKey TestReport atexit check_ispytest "
     "dataclasses hookimpl os re stat tempfile "},
    {"_pytest.unittest",
     " CallInfo Class Collector ExceptionInfo FixtureRequest Function Item Module MonkeyPatch SubtestContext "
     "SubtestReport _pytest check_interactive_exception exit fail fixtures hookimpl inspect is_async_function skip "
     "sys traceback types xfail "},
    {"_pytest.unraisableexception",
     " Config Item StashKey collections functools gc pytest traceback tracemalloc_message "},
    {"_pytest.warning_types",
     " dataclasses inspect warnings "},
    {"_pytest.warnings",
     " Config Item Session TerminalReporter parse_warning_filter pytest tracemalloc_message warnings "},
    {"pluggy._manager",
     " HookCaller HookImpl HookRelay HookimplOpts HookspecOpts Result _SubsetHookCaller _multicall inspect "
     "normalize_hookimpl_opts types warnings "},
    {"pluggy._tracing",
     " enum os "},
};

bool lists(std::string_view names, std::string_view name) {
    for (std::size_t at = names.find(name); at != names.npos; at = names.find(name, at + 1))
        if (at > 0 && names[at - 1] == ' ' && names[at + name.size()] == ' ') return true;
    return false;
}

bool uses(std::string_view module, std::string_view name) {
    for (const Names& user : kUsers)
        if (user.module == module) return lists(user.names, name);
    return false;
}

object import_from_home(std::string_view name) {
    for (const Names& home : kHomes) {
        if (!lists(home.names, name)) continue;
        std::string place(home.module);
        if (place.empty() || place.back() == '.') return py::import_module(py::str(place.append(name)));
        return py::member(py::import_module(py::str(place)), py::str(name));
    }
    return object();
}

/// What a facade module has from elsewhere, kept there from then on.
object found_for(handle module_name, handle wanted) {
    if (!py::is_str(wanted)) py::raise(PyExc_TypeError, "attribute name must be string");
    std::string module = py::text(module_name), name = py::text(wanted);
    if (!name.empty() && uses(module, name))
        if (object found = import_from_home(name); found.is_valid()) {
            py::set(py::import_module(module_name), wanted, found);
            return found;
        }
    PyErr_Format(PyExc_AttributeError, "module %R has no attribute %R", module_name.ptr(), wanted.ptr());
    return {};  // the import system asks often: quicker than a throw
}

/// The same for a module that nobody has touched: it is left so.
object value(Args a) {
    std::string module = py::text(a[0]), name = py::text(a[1]);
    object found = uses(module, name) ? import_from_home(name) : object();
    if (!found.is_valid()) PyErr_SetNone(PyExc_AttributeError);
    return found;
}

object find(Args a) { return found_for(a[0], a[1]); }
object find_of_module(Args a) { return found_for(a.closure(), a[0]); }
object of(Args a) { return py::make_function("__getattr__", "name", find_of_module, a[0]); }

}  // namespace
}  // namespace fastest::settings

FASTEST_MODULE(elsewhere, "_pytest") {
    using namespace fastest::settings;
    m.def("value", "module, name", value);
    m.def("find", "module, name", find, "What `module` has from elsewhere under that name.");
    m.def("of", "module", of, "A `__getattr__` for a module that has none of its own.");
}
