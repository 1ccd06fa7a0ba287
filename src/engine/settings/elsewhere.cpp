// Names that a `_pytest` module has because it uses them, and that live elsewhere: plugins import them from either
// place.

#include <algorithm>
#include <span>
#include <string>
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
     "fnmatch functools gc glob hashlib heapq importlib iniconfig inspect io itertools json keyword linecache "
     "locale logging marshal math os pathlib platform pluggy posixpath pprint pygments pytest re reprlib shlex "
     "shutil stat subprocess sys tempfile textwrap threading time tokenize traceback types unicodedata uuid "
     "warnings "},
    {"__future__", " annotations "},
    {"_pytest.", " compat fixtures nodes outcomes timing "},
    {"_pytest._code.code",
     " ExceptionChainRepr ExceptionInfo ExceptionInfoFormatter ExceptionRepr ReprEntry ReprEntryNative "
     "ReprExceptionInfo ReprFileLocation ReprFuncArgs ReprLocals ReprTraceback TerminalRepr Traceback "
     "filter_traceback getfslineno stringify_exception _PYTEST_DIR TracebackStyle "},
    {"_pytest._code.source", " Source "},
    {"_pytest._io.pprint", " PrettyPrinter _safe_key "},
    {"_pytest._io.saferepr", " safeformat saferepr saferepr_unlimited "},
    {"_pytest._io.terminalwriter", " TerminalWriter "},
    {"_pytest.approx", " approx "},
    {"_pytest.assertion.",
     " _compare_any _compare_mapping _compare_sequence _compare_set _guards _typing compare_text highlight "},
    {"_pytest.assertion._compare_any", " _compare_eq_any "},
    {"_pytest.assertion._compare_set", " SET_COMPARISON_FUNCTIONS "},
    {"_pytest.assertion._typing", " NO_TRUNCATION_BUDGET TruncationBudget _AssertionTextDiffStyle _HighlightFunc "},
    {"_pytest.assertion.compare_text", " _notin_text "},
    {"_pytest.assertion.highlight", " dummy_highlighter "},
    {"_pytest.cacheprovider", " Cache "},
    {"_pytest.capture", " CaptureFixture CaptureManager FDCapture SysCapture "},
    {"_pytest.compat",
     " LEGACY_PATH NOTSET NotSetType ascii_escaped deprecated get_default_arg_names get_real_func getfuncargnames "
     "getimfunc getlocation is_async_function running_on_ci safe_getattr safe_isclass signature "},
    {"_pytest.config",
     " Config ConftestImportFailure ExitCode PytestPluginManager UsageError _strtobool create_terminal_writer "
     "directory_arg filename_arg hookimpl parse_warning_filter _PluggyPlugin "},
    {"_pytest.config.argparsing", " OverrideIniAction Parser _ini_type_repr _split_help_text "},
    {"_pytest.config.exceptions", " PrintHelp "},
    {"_pytest.deprecated",
     " CALLSPEC2_RENAMED CLASS_FIXTURE_INSTANCE_METHOD FIXTUREDEF_HAS_LOCATION_DEPRECATED FIXTURE_BASEID_DEPRECATED "
     "FIXTURE_GETFIXTUREVALUE_DURING_TEARDOWN FIXTURE_NODEID_DEPRECATED MONKEYPATCH_LEGACY_NAMESPACE_PACKAGES "
     "PARAMETRIZE_NON_COLLECTION_ITERABLE PARSEFACTORIES_NODEID_DEPRECATED PASTEBIN TERMINAL_WRITE_LINE_BYTES "
     "YIELD_FIXTURE check_ispytest "},
    {"_pytest.fixtures",
     " FixtureDef FixtureFunctionDefinition FixtureRequest FuncFixtureInfo SubRequest TopRequest "
     "_resolve_args_directness get_scope_node FixtureValue "},
    {"_pytest.logging", " LogCaptureHandler LoggingPlugin catching_logs "},
    {"_pytest.main", " Session "},
    {"_pytest.mark.", " expression "},
    {"_pytest.mark.structures",
     " HIDDEN_PARAM Mark MarkDecorator _EmptyParameterSetMark NodeKeywords ParameterSet _HiddenParam "
     "get_unpacked_marks normalize_mark_list "},
    {"_pytest.monkeypatch", " MonkeyPatch "},
    {"_pytest.nodeid", " NodeId coerce_node_id "},
    {"_pytest.nodes", " Collector Directory File Item Node "},
    {"_pytest.outcomes", " Exit OutcomeException exit fail skip xfail TEST_OUTCOME Skipped "},
    {"_pytest.pathlib",
     " ImportMode absolutepath bestrelpath commonpath fnmatch_ex import_path make_numbered_dir resolve_package_path "
     "safe_exists "},
    {"_pytest.pytester", " HookRecorder Pytester RunResult "},
    {"_pytest.python", " Class Function Module "},
    {"_pytest.raises", " AbstractRaises "},
    {"_pytest.reports", " BaseReport CollectErrorRepr CollectReport TestReport "},
    {"_pytest.runner", " CallInfo SetupState check_interactive_exception collect_one_node get_reraise_exceptions "},
    {"_pytest.scope", " Scope ScopeName "},
    {"_pytest.stash", " Stash StashKey "},
    {"_pytest.subtests", " SubtestContext SubtestReport "},
    {"_pytest.terminal", " TerminalProgressPlugin TerminalReporter "},
    {"_pytest.tmpdir", " TempPathFactory "},
    {"_pytest.tracemalloc", " tracemalloc_message "},
    {"_pytest.warning_types",
     " PytestApproxDecimalToleranceWarning PytestCollectionWarning PytestDeprecationWarning PytestFDWarning "
     "PytestRemovedIn10Warning PytestReturnNotNoneWarning PytestUnknownMarkWarning PytestWarning "
     "UnformattedWarning warn_explicit_for "},
    {"abc", " ABC abstractmethod "},
    {"bisect", " bisect_right "},
    {"collections", " Counter OrderedDict defaultdict deque "},
    {"collections.abc", " Callable Collection Generator Iterable Iterator Mapping MutableMapping Sequence Sized "},
    {"contextlib", " AbstractContextManager ExitStack contextmanager nullcontext "},
    {"dataclasses", " dataclass "},
    {"datetime", " timedelta timezone "},
    {"decimal", " Decimal FloatOperation "},
    {"enum", " Enum auto "},
    {"functools", " cached_property lru_cache partial total_ordering "},
    {"importlib.abc", " TraversableResources "},
    {"importlib.machinery", " ModuleSpec NamespaceLoader PathFinder "},
    {"inspect", " Parameter Signature "},
    {"io", " StringIO UnsupportedOperation "},
    {"itertools", " islice "},
    {"logging", " LogRecord "},
    {"numbers", " Complex "},
    {"os.path", " dirname exists expanduser expandvars isabs isdir isfile islink normpath "},
    {"pathlib", " Path PurePath "},
    {"pluggy", " PluggyTeardownRaisedWarning "},
    {"pluggy.", " _caller _callers _compat _execution _hooks _impl _result _tracing _warnings "},
    {"pluggy._caller", " _HookExec "},
    {"pluggy._callers", " _multicall "},
    {"pluggy._compat", " DistFacade "},
    {"pluggy._config", " HookimplOpts HookspecOpts "},
    {"pluggy._decorators", " HookSpec _Namespace varnames "},
    {"pluggy._execution", " Teardown "},
    {"pluggy._hooks", " HookCaller HookImpl HookRelay _SubsetHookCaller normalize_hookimpl_opts "},
    {"pluggy._impl", " _HookImplFunction "},
    {"pluggy._result", " HookCallError Result "},
    {"re", " Pattern "},
    {"stat", " S_ISDIR S_ISLNK S_ISREG "},
    {"tempfile", " TemporaryFile "},
    {"textwrap", " dedent indent "},
    {"traceback", " FrameSummary StackSummary TracebackException extract_tb format_exception format_exception_only "},
    {"types", " CodeType FrameType FunctionType ModuleType TracebackType "},
    {"typing",
     " Any AnyStr BinaryIO ClassVar Final Generic IO Literal NamedTuple NoReturn Protocol SupportsAbs SupportsIndex "
     "TYPE_CHECKING TextIO TypeAlias TypeGuard TypeVar TypedDict Union assert_never cast final get_args get_origin "
     "overload "},
    {"unittest", " TestCase "},
    {"warnings", " warn "},
    {"weakref", " WeakKeyDictionary "},
};

/// Which modules have which of them.
const Names kUsers[] = {
    {"_pytest._argcomplete", " Any annotations argparse sys "},
    {"_pytest._code", " annotations "},
    {"_pytest._code.code",
     " Any Callable ClassVar CodeType Final FrameSummary FrameType Generic Iterable Literal Mapping Path Sequence "
     "StackSummary StringIO SupportsIndex TerminalWriter TracebackException TracebackType TypeAlias TypeVar "
     "_pytest absolutepath annotations ast bestrelpath check_ispytest dataclasses extract_tb final "
     "format_exception format_exception_only get_real_func inspect os overload pluggy re safeformat saferepr sys "},
    {"_pytest._code.source",
     " Iterable Iterator annotations ast bisect_right inspect linecache overload textwrap tokenize types warnings "},
    {"_pytest._io", " annotations "},
    {"_pytest._io.pprint", " Any Callable Iterable Iterator annotations re sys "},
    {"_pytest._io.saferepr", " annotations islice pprint reprlib "},
    {"_pytest._io.terminalwriter", " Literal Sequence TextIO annotations assert_never final os pygments shutil sys "},
    {"_pytest._io.wcwidth", " annotations lru_cache unicodedata "},
    {"_pytest._py.error", " Callable TYPE_CHECKING TypeVar annotations sys "},
    {"_pytest._py.path",
     " Any Callable Literal S_ISDIR S_ISLNK S_ISREG TYPE_CHECKING annotations atexit cast contextmanager dirname "
     "exists fnmatch importlib io isabs isdir isfile islink normpath overload posixpath sys uuid warnings "},
    {"_pytest._version", " annotations "},
    {"_pytest.approx",
     " Any Collection Complex Decimal FloatOperation Generic Mapping PytestApproxDecimalToleranceWarning Sequence "
     "Sized SupportsAbs TYPE_CHECKING TypeGuard TypeVar abc annotations builtins math pprint sys timedelta "
     "warnings "},
    {"_pytest.assertion",
     " _AssertionTextDiffStyle _typing _compare_any _compare_mapping _compare_sequence _compare_set _guards "
     "compare_text "
     "highlight Any Config Generator Item NO_TRUNCATION_BUDGET Parser Protocol TYPE_CHECKING TruncationBudget "
     "annotations hookimpl sys "},
    {"_pytest.assertion._compare_any",
     " _AssertionTextDiffStyle Iterator NO_TRUNCATION_BUDGET TruncationBudget _HighlightFunc annotations "
     "dataclasses pprint "},
    {"_pytest.assertion._compare_mapping",
     " Collection Iterator Mapping NO_TRUNCATION_BUDGET TruncationBudget _HighlightFunc _safe_key annotations heapq "
     "pprint saferepr "},
    {"_pytest.assertion._compare_sequence",
     " Iterable Iterator NO_TRUNCATION_BUDGET PrettyPrinter Sequence TruncationBudget _HighlightFunc annotations "
     "running_on_ci saferepr "},
    {"_pytest.assertion._compare_set", " Callable Iterator TypeAlias _HighlightFunc annotations saferepr "},
    {"_pytest.assertion._guards", " Mapping TypeGuard annotations collections dataclasses "},
    {"_pytest.assertion._typing", " ClassVar Literal Protocol annotations dataclass "},
    {"_pytest.assertion.compare_text",
     " _AssertionTextDiffStyle Iterator NO_TRUNCATION_BUDGET TruncationBudget _HighlightFunc annotations "
     "assert_never dummy_highlighter saferepr "},
    {"_pytest.assertion.highlight", " Literal annotations "},
    {"_pytest.assertion.rewrite",
     " Callable Config FixtureFunctionDefinition IO Iterable Iterator Path PurePath Sequence Session StashKey "
     "TYPE_CHECKING TraversableResources annotations ast errno functools importlib io itertools marshal os sys "
     "tokenize types "},
    {"_pytest.assertion.truncate", " Config Iterable NO_TRUNCATION_BUDGET TruncationBudget annotations "},
    {"_pytest.assertion.util",
     " _AssertionTextDiffStyle Callable Config Iterator NO_TRUNCATION_BUDGET SET_COMPARISON_FUNCTIONS Sequence "
     "TruncationBudget _HighlightFunc _compare_eq_any _notin_text _pytest annotations dummy_highlighter outcomes "
     "saferepr saferepr_unlimited "},
    {"_pytest.cacheprovider",
     " CollectReport Config Directory File FixtureRequest Generator Iterable NodeId Parser Path Session "
     "TerminalWriter TestReport check_ispytest dataclasses errno final json nodes os shutil tempfile "},
    {"_pytest.capture",
     " Any AnyStr BinaryIO CollectReport Collector Config File Final Generator Generic Item Iterable Iterator "
     "Literal NamedTuple Parser SubRequest TYPE_CHECKING TemporaryFile TextIO TracebackType UnsupportedOperation "
     "abc cast check_ispytest collections contextlib final hookimpl io os sys "},
    {"_pytest.compat",
     " Any Callable Final NoReturn Parameter Path Signature TYPE_CHECKING annotations enum functools inspect os "},
    {"_pytest.config",
     " Any Callable ExceptionInfo Final FunctionType Generator HookimplOpts HookspecOpts IO ImportMode Iterable "
     "Iterator Literal Mapping MutableMapping NamedTuple NodeId Sequence Stash TYPE_CHECKING TerminalWriter TextIO "
     "_pytest absolutepath annotations argparse assert_never bestrelpath builtins cast collections contextlib copy "
     "dataclasses dedent deprecated enum fail filter_traceback final glob import_path importlib inspect json "
     "lru_cache os pathlib re resolve_package_path safe_exists shlex sys types warnings TracebackStyle Skipped "},
    {"_pytest.config.argparsing",
     " Any Callable Literal NoReturn Sequence TYPE_CHECKING TypeAlias Union UsageError _pytest annotations "
     "check_ispytest dataclasses final get_args get_origin os re sys textwrap types "},
    {"_pytest.config.exceptions", " annotations final "},
    {"_pytest.config.findpaths",
     " Callable Iterable Literal NodeId Path Sequence TypeAlias UsageError absolutepath annotations commonpath "
     "dataclass fail iniconfig os safe_exists sys "},
    {"_pytest.debugging",
     " Any BaseReport CallInfo Callable CaptureManager Config ConftestImportFailure ExceptionInfo Generator Node "
     "Parser PytestPluginManager UsageError annotations argparse functools hookimpl importlib outcomes sys types "},
    {"_pytest.deprecated", " PytestDeprecationWarning PytestRemovedIn10Warning UnformattedWarning annotations warn "},
    {"_pytest.doctest",
     " Any Callable Collector Config ExceptionInfo FixtureFunctionDefinition Generator Item Iterable Module "
     "OutcomeException Parser Path PytestWarning ReprFileLocation Sequence TYPE_CHECKING TerminalRepr "
     "TerminalWriter TopRequest approx bdb contextmanager fnmatch_ex functools inspect os outcomes platform re "
     "safe_getattr skip sys traceback types warnings "},
    {"_pytest.faulthandler", " Config Generator Item Parser StashKey annotations os pytest sys "},
    {"_pytest.fixtures",
     " Any CLASS_FIXTURE_INSTANCE_METHOD Callable Config ExceptionInfoFormatter ExitCode "
     "FIXTUREDEF_HAS_LOCATION_DEPRECATED FIXTURE_BASEID_DEPRECATED FIXTURE_GETFIXTUREVALUE_DURING_TEARDOWN "
     "FIXTURE_NODEID_DEPRECATED Final Generator Generic Iterable Iterator Literal Mapping Mark MarkDecorator "
     "MutableMapping NOTSET NoReturn NotSetType OrderedDict PARSEFACTORIES_NODEID_DEPRECATED ParameterSet Parser "
     "Path PytestWarning Sequence Session Source TYPE_CHECKING TerminalRepr TerminalWriter TypeVar YIELD_FIXTURE "
     "_pytest abc absolutepath assert_never bestrelpath cast check_ispytest dataclasses defaultdict deprecated "
     "deque fail final functools get_real_func getfslineno getfuncargnames getimfunc getlocation hookimpl inspect "
     "nodes os overload safe_getattr safe_isclass signature skip sys types warn_explicit_for warnings TEST_OUTCOME "
     "_PYTEST_DIR _PluggyPlugin ScopeName "},
    {"_pytest.freeze_support", " Iterator annotations types "},
    {"_pytest.helpconfig",
     " Any Config ExitCode Generator Parser PrintHelp Sequence TerminalReporter _ini_type_repr _split_help_text "
     "annotations argparse os pytest sys "},
    {"_pytest.hookspec", " Any Mapping Path Sequence TYPE_CHECKING annotations "},
    {"_pytest.junitxml",
     " BaseReport Callable CollectReport Config ExceptionRepr FixtureRequest Literal NodeId Parser ReprFileLocation "
     "StashKey TerminalReporter TestReport assert_never coerce_node_id filename_arg functools nodes os platform "
     "pytest re timing "},
    {"_pytest.legacypath",
     " Cache Collector Config Final FixtureRequest HookRecorder Item MonkeyPatch Node Path PytestPluginManager "
     "Pytester RunResult Session TYPE_CHECKING TempPathFactory TerminalReporter annotations check_ispytest "
     "dataclasses final hookimpl shlex subprocess "},
    {"_pytest.logging",
     " CaptureManager Config FixtureRequest Generator Generic Literal LogRecord Mapping Parser Path Session "
     "StashKey StringIO TYPE_CHECKING TerminalReporter TerminalWriter TracebackType TypeVar UsageError _strtobool "
     "check_ispytest contextmanager create_terminal_writer final hookimpl io logging nodes nullcontext os re "
     "timedelta timezone "},
    {"_pytest.main",
     " Callable CollectReport Config ExitCode Iterable Iterator Literal NodeId OverrideIniAction Parser Path "
     "PytestPluginManager PytestWarning Sequence SetupState TYPE_CHECKING TestReport UsageError _pytest "
     "annotations argparse collect_one_node dataclasses directory_arg exit final fnmatch functools hookimpl "
     "importlib os overload pluggy sys warnings "},
    {"_pytest.mark",
     " expression _EmptyParameterSetMark Collection Config ExitCode Iterable NOTSET Parser StashKey TYPE_CHECKING "
     "UsageError "
     "annotations collections dataclasses hookimpl "},
    {"_pytest.mark.expression",
     " Final Iterator Literal Mapping NoReturn Protocol Sequence annotations ast dataclasses enum final keyword "
     "overload re types "},
    {"_pytest.mark.structures",
     " AbstractRaises Any Callable Collection Config Iterable Iterator Literal Mapping MutableMapping NOTSET "
     "NamedTuple NotSetType PARAMETRIZE_NON_COLLECTION_ITERABLE PytestCollectionWarning PytestUnknownMarkWarning "
     "Sequence TYPE_CHECKING TypeVar annotations assert_never check_ispytest collections dataclasses enum fail "
     "final getfslineno inspect overload warnings ScopeName "},
    {"_pytest.monkeypatch",
     " Any Generator MONKEYPATCH_LEGACY_NAMESPACE_PACKAGES Mapping MutableMapping NOTSET NotSetType Path "
     "PytestWarning TypeVar contextmanager final importlib os overload re sys warnings "},
    {"_pytest.nodeid", " annotations dataclasses "},
    {"_pytest.nodes",
     " Any Callable Config ConftestImportFailure ExceptionInfo Iterable Iterator LEGACY_PATH Mark MarkDecorator "
     "MutableMapping NoReturn NodeKeywords Path PytestWarning Stash TYPE_CHECKING TerminalRepr Traceback TypeVar "
     "abc absolutepath annotations cached_property cast fail getfslineno lru_cache os overload pluggy signature "
     "warnings TracebackStyle "},
    {"_pytest.outcomes", " Any ClassVar NoReturn annotations importlib sys "},
    {"_pytest.pastebin",
     " Config IO PASTEBIN Parser StashKey StringIO TerminalReporter annotations create_terminal_writer pytest "
     "tempfile "},
    {"_pytest.pathlib",
     " Any Callable Enum Iterable Iterator ModuleSpec ModuleType NamespaceLoader Path PathFinder PurePath "
     "PytestWarning TypeVar annotations assert_never contextlib expanduser expandvars fnmatch importlib isabs "
     "itertools os partial shutil skip stat sys types uuid warnings "},
    {"_pytest.pytester",
     " Any Callable CollectReport Collector Config Final FixtureRequest Generator IO Item Iterable Literal Mapping "
     "MonkeyPatch NotSetType Parser Path PytestFDWarning PytestPluginManager Sequence Session Source StringIO "
     "TYPE_CHECKING TempPathFactory TestReport TextIO WeakKeyDictionary bestrelpath collections fail final gc "
     "hookimpl locale make_numbered_dir overload platform re shutil traceback _PluggyPlugin "},
    {"_pytest.pytester_assertions", " CollectReport Sequence TestReport "},
    {"_pytest.python",
     " Any CALLSPEC2_RENAMED Callable Config Counter ExceptionInfo FixtureDef FixtureRequest FuncFixtureInfo "
     "Generator HIDDEN_PARAM Iterable Iterator Literal Mapping Mark MarkDecorator NOTSET NoReturn NotSetType "
     "ParameterSet Parser Path PytestCollectionWarning PytestReturnNotNoneWarning Scope Sequence Session StashKey "
     "TYPE_CHECKING TerminalRepr Traceback UsageError _HiddenParam _pytest _resolve_args_directness abc "
     "annotations ascii_escaped cast check_ispytest dataclasses defaultdict enum fail filter_traceback final "
     "fnmatch get_args get_default_arg_names get_real_func get_scope_node get_unpacked_marks getfslineno getimfunc "
     "hashlib hookimpl inspect is_async_function itertools normalize_mark_list os partial re safe_getattr "
     "safe_isclass saferepr skip textwrap types warnings FixtureValue ScopeName "},
    {"_pytest.raises",
     " ABC Any ExceptionInfo Generic Literal Pattern PytestWarning TYPE_CHECKING TypeVar abstractmethod annotations "
     "cast fail final get_args get_origin indent overload re stringify_exception sys warnings "},
    {"_pytest.recwarn",
     " Any Callable Exit Generator Iterator TYPE_CHECKING TracebackType TypeVar check_ispytest fail final overload "
     "re "},
    {"_pytest.reports",
     " Any Collector Config ExceptionChainRepr ExceptionInfo ExceptionRepr Item Iterable Iterator Literal Mapping "
     "NoReturn NodeId ReprEntry ReprEntryNative ReprExceptionInfo ReprFileLocation ReprFuncArgs ReprLocals "
     "ReprTraceback Sequence StringIO TYPE_CHECKING TerminalRepr TerminalWriter annotations cast coerce_node_id "
     "dataclasses fail final os skip sys "},
    {"_pytest.runner",
     " BaseReport Callable CollectErrorRepr CollectReport Collector Config Directory ExceptionChainRepr "
     "ExceptionInfo Exit Generic Item Literal Node OutcomeException Parser TYPE_CHECKING TerminalRepr TestReport "
     "TypeVar annotations bdb cast check_ispytest dataclasses final os sys timing types TEST_OUTCOME Skipped "},
    {"_pytest.scope", " Enum Literal annotations total_ordering "},
    {"_pytest.setuponly", " Config ExitCode FixtureDef Generator Parser Scope SubRequest annotations pytest saferepr "},
    {"_pytest.setupplan", " Config ExitCode FixtureDef Parser SubRequest annotations pytest "},
    {"_pytest.skipping",
     " AbstractRaises BaseReport CallInfo Config Generator Item Mapping Mark Parser StashKey TestReport annotations "
     "dataclasses fail hookimpl os platform skip sys traceback xfail "},
    {"_pytest.stash", " Any Generic TypeVar annotations cast "},
    {"_pytest.stepwise",
     " Any Cache Config NodeId Parser Session TYPE_CHECKING TestReport annotations dataclasses nodes timedelta "},
    {"_pytest.subtests",
     " AbstractContextManager Any CallInfo Callable CaptureFixture Config ExceptionInfo ExitStack FDCapture "
     "Iterator LogCaptureHandler LoggingPlugin Mapping NodeId Parser StashKey SubRequest SysCapture TYPE_CHECKING "
     "TestReport TracebackType catching_logs check_interactive_exception check_ispytest contextmanager dataclasses "
     "defaultdict get_reraise_exceptions hookimpl nullcontext pluggy saferepr time "},
    {"_pytest.terminal",
     " Any BaseReport Callable ClassVar CollectReport Config Counter ExceptionInfo ExceptionRepr ExitCode Generator "
     "Item Literal Mapping NamedTuple Node NodeId Parser Path Sequence TERMINAL_WRITE_LINE_BYTES TYPE_CHECKING "
     "TerminalWriter TestReport TextIO _pytest absolutepath annotations argparse bestrelpath compat dataclasses "
     "datetime final hookimpl inspect nodes partial platform pluggy sys textwrap timing warnings _PluggyPlugin "},
    {"_pytest.terminalprogress", " Config TerminalProgressPlugin TerminalReporter annotations hookimpl os "},
    {"_pytest.threadexception",
     " Callable Config Item NamedTuple StashKey annotations collections functools pytest threading traceback "
     "tracemalloc_message "},
    {"_pytest.timing", " TYPE_CHECKING annotations dataclasses timezone "},
    {"_pytest.tmpdir",
     " Any Config ExitCode ExitStack FixtureRequest Generator Item Literal MonkeyPatch Parser Path StashKey "
     "TestReport atexit check_ispytest dataclasses final hookimpl os re stat tempfile "},
    {"_pytest.tracemalloc", " annotations "},
    {"_pytest.unittest",
     " Any CallInfo Callable Class Collector Enum ExceptionInfo FixtureRequest Function Generator Item Iterable "
     "Iterator Module MonkeyPatch SubtestContext SubtestReport TYPE_CHECKING TestCase _pytest annotations "
     "assert_never auto check_interactive_exception exit fail fixtures hookimpl inspect is_async_function skip sys "
     "traceback types xfail "},
    {"_pytest.unraisableexception",
     " Callable Config Item NamedTuple StashKey annotations collections functools gc pytest traceback "
     "tracemalloc_message "},
    {"_pytest.warning_types", " Any FunctionType Generic TypeVar annotations dataclasses final inspect warnings "},
    {"_pytest.warnings",
     " Config Generator Item Literal Session TerminalReporter annotations contextmanager parse_warning_filter "
     "pytest tracemalloc_message warnings "},
    {"pluggy",
     " HookimplOpts HookspecOpts _caller _callers _compat _execution _hooks _impl _result _tracing _warnings "},
    {"pluggy._caller",
     " Any Callable Final HookImpl HookSpec HookimplOpts HookspecOpts Mapping Sequence TYPE_CHECKING TypeAlias "
     "annotations final warnings "},
    {"pluggy._callers", " Teardown annotations "},
    {"pluggy._compat", " Any TYPE_CHECKING annotations "},
    {"pluggy._config", " Mapping TypedDict "},
    {"pluggy._decorators",
     " Callable Final HookimplOpts HookspecOpts Mapping ModuleType TypeAlias TypeVar annotations final inspect "
     "overload sys types warnings "},
    {"pluggy._execution",
     " Generator HookCallError HookImpl Mapping NoReturn PluggyTeardownRaisedWarning Result Sequence TYPE_CHECKING "
     "TypeAlias annotations cast warnings "},
    {"pluggy._hooks", " HookimplOpts HookspecOpts _HookExec _HookImplFunction _Namespace annotations "},
    {"pluggy._impl", " Callable Final Generator HookimplOpts Result TypeAlias TypeVar annotations final varnames "},
    {"pluggy._manager",
     " _HookImplFunction _tracing Any Callable DistFacade Final HookCaller HookImpl HookRelay HookimplOpts "
     "HookspecOpts Iterable Mapping Result Sequence TYPE_CHECKING TypeAlias _SubsetHookCaller _multicall "
     "annotations cast inspect normalize_hookimpl_opts types warnings "},
    {"pluggy._result", " Callable Generic TracebackType TypeAlias TypeVar annotations cast final "},
    {"pluggy._tracing", " Any Callable Sequence annotations enum os "},
    {"pluggy._warnings", " final "},
};

/// Names that `fastest.seldom` makes.
const Names kSeldom[] = {
    {"_pytest._argcomplete", " glob "},
    {"_pytest._code.code",
     " E EXCEPTION_OR_MORE TracebackFilter TracebackStyle _PLUGGY_DIR _PYTEST_DIR _byte_offset_to_character_offset "},
    {"_pytest._io", " pprint "},
    {"_pytest._io.pprint", " _builtin_scalars _collections _dataclasses _types "},
    {"_pytest._io.terminalwriter", " DiffLexer Lexer PythonLexer TerminalFormatter "},
    {"_pytest._py.error", " R _winerrnomap "},
    {"_pytest.approx", " ExpectedT T datetime ndarray "},
    {"_pytest.assertion._compare_set", " AbstractSet SetComparisonFunction "},
    {"_pytest.assertion._guards", " AbstractSet "},
    {"_pytest.assertion._typing", " _AssertionTextDiffStyle _HighlightFunc "},
    {"_pytest.assertion.rewrite", " BINOP_MAP FileReader UNARY_MAP "},
    {"_pytest.assertion.util", " AbstractSet normalize "},
    {"_pytest.capture", " _CaptureMethod _colorama_workaround _readline_workaround _windowsconsoleio_workaround "},
    {"_pytest.compat", " _non_printable_ascii_translate_table "},
    {"_pytest.config.argparsing", " IniType _BULLET _IniTypeTag "},
    {"_pytest.config.findpaths", " KW_ONLY _get_config_loader _parse_ini_config _parse_toml_file "},
    {"_pytest.fixtures", " AbstractSet FixtureFunction FixtureValue OrderedSet _FixtureCachedResult _FixtureFunc _V "},
    {"_pytest.junitxml", " ET _JunitDurationReport _JunitFamily _JunitLogging merge_family "},
    {"_pytest.legacypath", " LEGACY_PATH SectionWrapper "},
    {"_pytest.logging",
     " AbstractSet _ANSI_ESCAPE_SEQ _HandlerType _remove_ansi_escape_sequences datetime logging_StreamHandler "},
    {"_pytest.main", " AbstractSet "},
    {"_pytest.mark", " AbstractSet "},
    {"_pytest.mark.expression", " ExpressionMatcher "},
    {"_pytest.mark.structures", " Markable _EmptyParameterSetMark "},
    {"_pytest.monkeypatch", " K RE_IMPORT_ERROR_NAME V "},
    {"_pytest.nodes", " _NodeType _T "},
    {"_pytest.pathlib", " _AnyPurePath "},
    {"_pytest.pytester", " IniConfig SectionWrapper _FileContent fnmatch rex_outcome rex_session_duration "},
    {"_pytest.python", " LongStrIdStrategy "},
    {"_pytest.raises", " BaseExcT_1 BaseExcT_2 BaseExcT_co BaseExcT_co_default ExcT_1 ExcT_2 "},
    {"_pytest.recwarn", " T pformat "},
    {"_pytest.reports", " pprint "},
    {"_pytest.runner", " TResult "},
    {"_pytest.scope", " ScopeName "},
    {"_pytest.stash", " D T "},
    {"_pytest.stepwise", " datetime "},
    {"_pytest.terminal", " _ConsoleOutputStyle "},
    {"_pytest.timing", " datetime "},
    {"_pytest.tmpdir", " RetentionType rmtree "},
    {"_pytest.unittest",
     " TWISTED_RAW_EXCINFO_ATTR TwistedVersion _SysExcInfoType _get_twisted_version _handle_twisted_exc_info "},
    {"_pytest.warning_types", " _W "},
    {"pluggy._caller", " AbstractSet _CallHistory _HookExec _Namespace _Plugin "},
    {"pluggy._decorators", " _F _NOSELF_WARN_SUPPRESS _Namespace _PYPY "},
    {"pluggy._execution", " Teardown "},
    {"pluggy._impl", " _HookImplFunction _T "},
    {"pluggy._manager", " _ABSENT _AfterTrace _BeforeTrace _Namespace _Plugin "},
    {"pluggy._result", " ResultType _ExcInfo "},
    {"pluggy._tracing", " _Processor _Writer "},
    {"pytest", " __pytestPDB "},
};

bool lists(std::string_view names, std::string_view name) {
    for (std::size_t at = names.find(name); at != names.npos; at = names.find(name, at + 1))
        if (at > 0 && names[at - 1] == ' ' && names[at + name.size()] == ' ') return true;
    return false;
}

std::string_view names_in(std::span<const Names> table, std::string_view module) {
    for (const Names& row : table)
        if (row.module == module) return row.names;
    return {};
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

/// Null when the module has no such name.
object value_for(handle module_name, handle wanted) {
    std::string module = py::text(module_name), name = py::text(wanted);
    if (name.empty()) return {};
    if (lists(names_in(kUsers, module), name)) return import_from_home(name);
    if (!lists(names_in(kSeldom, module), name)) return {};
    return py::call(py::lookup("fastest.seldom", "make"_n), module_name, wanted);
}

void keep_all(handle module_name, std::string_view own);

/// What a facade module has from elsewhere, kept there from then on. Who asks for `__all__` is about to take all names.
object found_for(handle module_name, handle wanted, std::string_view own) {
    if (!py::is_str(wanted)) py::raise(PyExc_TypeError, "attribute name must be string");
    if (object found = value_for(module_name, wanted); found.is_valid()) {
        py::set(py::import_module(module_name), wanted, found);
        return found;
    }
    if (py::equal(wanted, "__all__"_n)) keep_all(module_name, own);
    bool in_own_words = py::equal(module_name, "pluggy"_n);  // that has a __getattr__ with a text of its own
    PyErr_Format(PyExc_AttributeError, in_own_words ? "module %S has no attribute %R" : "module %R has no attribute %R",
                 module_name.ptr(), wanted.ptr());
    return {};  // the import system asks often: quicker than a throw
}

/// The same for a module that nobody has touched: it is left so.
object value(Args a) {
    object found = value_for(a[0], a[1]);
    if (!found.is_valid()) PyErr_SetNone(PyExc_AttributeError);
    return found;
}

template <class Take>
void each_word(std::string_view words, Take take) {
    for (std::size_t at = 0; at < words.size();) {
        std::size_t end = std::min(words.find(' ', at), words.size());
        if (end > at) take(words.substr(at, end - at));
        at = end + 1;
    }
}

/// Names that the module gives when it is asked, `own` among them.
template <class Take>
void each_lazy_name(handle module_name, std::string_view own, Take take) {
    std::string module = py::text(module_name);
    for (std::string_view names : {names_in(kUsers, module), names_in(kSeldom, module), own}) each_word(names, take);
}

/// Looks up all public names once; the module keeps them.
void keep_all(handle module_name, std::string_view own) {
    object module = py::import_module(module_name);
    each_lazy_name(module_name, own, [&](std::string_view name) {
        if (name.starts_with('_')) return;
        object key = py::str(name);
        if (object found = py::try_get(module, key); found.is_valid()) py::set(module, key, found);
    });
}

bool is_of_engine(handle value) {
    return PyModule_Check(value.ptr()) && py::text(py::get(value, "__name__"_n)).starts_with("fastest.");
}

/// `dir()` of a facade module: what it has and what it gives when asked, without the engine's namespaces.
object names_of(Args a) {
    handle module_name = PyTuple_GET_ITEM(a.closure().ptr(), 0), own = PyTuple_GET_ITEM(a.closure().ptr(), 1);
    object names = py::new_list();
    handle known = PyModule_GetDict(py::import_module(module_name).ptr());
    for (object name : py::each(py::check(PyDict_Copy(known.ptr()))))
        if (!is_of_engine(py::dict_get(known, name))) py::append(names, name);
    each_lazy_name(module_name, py::text(own), [&](std::string_view name) {
        if (object key = py::str(name); !py::dict_get(known, key).is_valid()) py::append(names, key);
    });
    py::check(PyList_Sort(names.ptr()));
    return names;
}

object get_for_module(Args a) {
    handle module_name = PyTuple_GET_ITEM(a.closure().ptr(), 0), own = PyTuple_GET_ITEM(a.closure().ptr(), 1);
    return found_for(module_name, a[0], py::text(own));
}

object of(Args a) { return py::make_function("__getattr__", "name", get_for_module, py::tuple_of(a[0], py::str(""))); }
object names(Args a) { return py::make_function("__dir__", "", names_of, py::tuple_of(a[0], a[1])); }

object find(Args a) { return found_for(a[0], a[1], py::text(a[2])); }

}  // namespace
}  // namespace fastest::settings

FASTEST_MODULE(elsewhere, "_pytest") {
    using namespace fastest::settings;
    m.def("value", "module, name", value);
    m.def("find", "module, name, own=''", find,
          "What `module` has from elsewhere under that name; `own` are the names that its `__getattr__` makes.");
    m.def("of", "module", of, "A `__getattr__` for a module that has none of its own.");
    m.def("names", "module, own=''", names, "A `__dir__` for the module, which makes the names `own` when asked.");
}
