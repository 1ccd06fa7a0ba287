from typing import Any

from _pytest._code.code import ExceptionInfo as ExceptionInfo
from _pytest._version import version as __version__, version_tuple as version_tuple
from _pytest.approx import Approx as Approx, approx as approx
from _pytest.assertion import register_assert_rewrite as register_assert_rewrite
from _pytest.cacheprovider import Cache as Cache
from _pytest.capture import CaptureFixture as CaptureFixture
from _pytest.config import (
    Config as Config,
    ExitCode as ExitCode,
    PytestPluginManager as PytestPluginManager,
    cmdline as cmdline,
    console_main as console_main,
    hookimpl as hookimpl,
    hookspec as hookspec,
    main as main,
)
from _pytest.config.argparsing import OptionGroup as OptionGroup, Parser as Parser
from _pytest.config.exceptions import UsageError as UsageError
from _pytest.doctest import DoctestItem as DoctestItem
from _pytest.fixtures import (
    FixtureDef as FixtureDef,
    FixtureLookupError as FixtureLookupError,
    FixtureRequest as FixtureRequest,
    fixture as fixture,
    register_fixture as register_fixture,
    yield_fixture as yield_fixture,
)
from _pytest.freeze_support import freeze_includes as freeze_includes
from _pytest.legacypath import TempdirFactory as TempdirFactory, Testdir as Testdir
from _pytest.logging import LogCaptureFixture as LogCaptureFixture
from _pytest.main import Dir as Dir, Session as Session
from _pytest.mark import param as param
from _pytest.mark.structures import (
    HIDDEN_PARAM as HIDDEN_PARAM,
    MARK_GEN as mark,
    Mark as Mark,
    MarkDecorator as MarkDecorator,
    MarkGenerator as MarkGenerator,
    ParameterSet as ParameterSet,
)
from _pytest.monkeypatch import MonkeyPatch as MonkeyPatch
from _pytest.nodes import Collector as Collector, Directory as Directory, File as File, Item as Item
from _pytest.outcomes import exit as exit, fail as fail, importorskip as importorskip, skip as skip, xfail as xfail
from _pytest.pytester import (
    HookRecorder as HookRecorder,
    LineMatcher as LineMatcher,
    Pytester as Pytester,
    RecordedHookCall as RecordedHookCall,
    RunResult as RunResult,
)
from _pytest.python import Class as Class, Function as Function, Metafunc as Metafunc, Module as Module, Package as Package
from _pytest.raises import RaisesExc as RaisesExc, RaisesGroup as RaisesGroup, raises as raises
from _pytest.recwarn import WarningsRecorder as WarningsRecorder, deprecated_call as deprecated_call, warns as warns
from _pytest.reports import CollectReport as CollectReport, TestReport as TestReport
from _pytest.runner import CallInfo as CallInfo
from _pytest.scope import ScopeName as ScopeName
from _pytest.stash import Stash as Stash, StashKey as StashKey
from _pytest.subtests import SubtestReport as SubtestReport, Subtests as Subtests
from _pytest.terminal import TerminalReporter as TerminalReporter, TestShortLogReport as TestShortLogReport
from _pytest.tmpdir import TempPathFactory as TempPathFactory
from _pytest.warning_types import (
    PytestApproxDecimalToleranceWarning as PytestApproxDecimalToleranceWarning,
    PytestAssertRewriteWarning as PytestAssertRewriteWarning,
    PytestCacheWarning as PytestCacheWarning,
    PytestCollectionWarning as PytestCollectionWarning,
    PytestConfigWarning as PytestConfigWarning,
    PytestDeprecationWarning as PytestDeprecationWarning,
    PytestExperimentalApiWarning as PytestExperimentalApiWarning,
    PytestFDWarning as PytestFDWarning,
    PytestRemovedIn10Warning as PytestRemovedIn10Warning,
    PytestReturnNotNoneWarning as PytestReturnNotNoneWarning,
    PytestUnhandledThreadExceptionWarning as PytestUnhandledThreadExceptionWarning,
    PytestUnknownMarkWarning as PytestUnknownMarkWarning,
    PytestUnraisableExceptionWarning as PytestUnraisableExceptionWarning,
    PytestWarning as PytestWarning,
)

def set_trace(*args: Any, **kwargs: Any) -> None: ...

__all__ = [
    "Approx",
    "Cache",
    "CallInfo",
    "CaptureFixture",
    "Class",
    "CollectReport",
    "Collector",
    "Config",
    "Dir",
    "Directory",
    "DoctestItem",
    "ExceptionInfo",
    "ExitCode",
    "File",
    "FixtureDef",
    "FixtureLookupError",
    "FixtureRequest",
    "Function",
    "HIDDEN_PARAM",
    "HookRecorder",
    "Item",
    "LineMatcher",
    "LogCaptureFixture",
    "Mark",
    "MarkDecorator",
    "MarkGenerator",
    "Metafunc",
    "Module",
    "MonkeyPatch",
    "OptionGroup",
    "Package",
    "ParameterSet",
    "Parser",
    "PytestApproxDecimalToleranceWarning",
    "PytestAssertRewriteWarning",
    "PytestCacheWarning",
    "PytestCollectionWarning",
    "PytestConfigWarning",
    "PytestDeprecationWarning",
    "PytestExperimentalApiWarning",
    "PytestFDWarning",
    "PytestPluginManager",
    "PytestRemovedIn10Warning",
    "PytestReturnNotNoneWarning",
    "PytestUnhandledThreadExceptionWarning",
    "PytestUnknownMarkWarning",
    "PytestUnraisableExceptionWarning",
    "PytestWarning",
    "Pytester",
    "RaisesExc",
    "RaisesGroup",
    "RecordedHookCall",
    "RunResult",
    "ScopeName",
    "Session",
    "Stash",
    "StashKey",
    "SubtestReport",
    "Subtests",
    "TempPathFactory",
    "TempdirFactory",
    "TerminalReporter",
    "TestReport",
    "TestShortLogReport",
    "Testdir",
    "UsageError",
    "WarningsRecorder",
    "__version__",
    "approx",
    "cmdline",
    "console_main",
    "deprecated_call",
    "exit",
    "fail",
    "fixture",
    "freeze_includes",
    "hookimpl",
    "hookspec",
    "importorskip",
    "main",
    "mark",
    "param",
    "raises",
    "register_assert_rewrite",
    "register_fixture",
    "set_trace",
    "skip",
    "version_tuple",
    "warns",
    "xfail",
    "yield_fixture",
]
