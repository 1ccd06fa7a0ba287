from typing import Any

from _pytest._code.code import ExceptionInfo as ExceptionInfo
from _pytest._version import version as __version__
from _pytest._version import version_tuple as version_tuple
from _pytest.approx import Approx as Approx
from _pytest.approx import approx as approx
from _pytest.assertion import register_assert_rewrite as register_assert_rewrite
from _pytest.cacheprovider import Cache as Cache
from _pytest.capture import CaptureFixture as CaptureFixture
from _pytest.config import (
    Config as Config,
)
from _pytest.config import (
    ExitCode as ExitCode,
)
from _pytest.config import (
    PytestPluginManager as PytestPluginManager,
)
from _pytest.config import (
    cmdline as cmdline,
)
from _pytest.config import (
    console_main as console_main,
)
from _pytest.config import (
    hookimpl as hookimpl,
)
from _pytest.config import (
    hookspec as hookspec,
)
from _pytest.config import (
    main as main,
)
from _pytest.config.argparsing import OptionGroup as OptionGroup
from _pytest.config.argparsing import Parser as Parser
from _pytest.config.exceptions import UsageError as UsageError
from _pytest.doctest import DoctestItem as DoctestItem
from _pytest.fixtures import (
    FixtureDef as FixtureDef,
)
from _pytest.fixtures import (
    FixtureLookupError as FixtureLookupError,
)
from _pytest.fixtures import (
    FixtureRequest as FixtureRequest,
)
from _pytest.fixtures import (
    fixture as fixture,
)
from _pytest.fixtures import (
    register_fixture as register_fixture,
)
from _pytest.fixtures import (
    yield_fixture as yield_fixture,
)
from _pytest.freeze_support import freeze_includes as freeze_includes
from _pytest.legacypath import TempdirFactory as TempdirFactory
from _pytest.legacypath import Testdir as Testdir
from _pytest.logging import LogCaptureFixture as LogCaptureFixture
from _pytest.main import Dir as Dir
from _pytest.main import Session as Session
from _pytest.mark import param as param
from _pytest.mark.structures import (
    HIDDEN_PARAM as HIDDEN_PARAM,
)
from _pytest.mark.structures import (
    MARK_GEN as mark,
)
from _pytest.mark.structures import (
    Mark as Mark,
)
from _pytest.mark.structures import (
    MarkDecorator as MarkDecorator,
)
from _pytest.mark.structures import (
    MarkGenerator as MarkGenerator,
)
from _pytest.mark.structures import (
    ParameterSet as ParameterSet,
)
from _pytest.monkeypatch import MonkeyPatch as MonkeyPatch
from _pytest.nodes import Collector as Collector
from _pytest.nodes import Directory as Directory
from _pytest.nodes import File as File
from _pytest.nodes import Item as Item
from _pytest.outcomes import exit as exit
from _pytest.outcomes import fail as fail
from _pytest.outcomes import importorskip as importorskip
from _pytest.outcomes import skip as skip
from _pytest.outcomes import xfail as xfail
from _pytest.pytester import (
    HookRecorder as HookRecorder,
)
from _pytest.pytester import (
    LineMatcher as LineMatcher,
)
from _pytest.pytester import (
    Pytester as Pytester,
)
from _pytest.pytester import (
    RecordedHookCall as RecordedHookCall,
)
from _pytest.pytester import (
    RunResult as RunResult,
)
from _pytest.python import Class as Class
from _pytest.python import Function as Function
from _pytest.python import Metafunc as Metafunc
from _pytest.python import Module as Module
from _pytest.python import Package as Package
from _pytest.raises import RaisesExc as RaisesExc
from _pytest.raises import RaisesGroup as RaisesGroup
from _pytest.raises import raises as raises
from _pytest.recwarn import WarningsRecorder as WarningsRecorder
from _pytest.recwarn import deprecated_call as deprecated_call
from _pytest.recwarn import warns as warns
from _pytest.reports import CollectReport as CollectReport
from _pytest.reports import TestReport as TestReport
from _pytest.runner import CallInfo as CallInfo
from _pytest.scope import ScopeName as ScopeName
from _pytest.stash import Stash as Stash
from _pytest.stash import StashKey as StashKey
from _pytest.subtests import SubtestReport as SubtestReport
from _pytest.subtests import Subtests as Subtests
from _pytest.terminal import TerminalReporter as TerminalReporter
from _pytest.terminal import TestShortLogReport as TestShortLogReport
from _pytest.tmpdir import TempPathFactory as TempPathFactory
from _pytest.warning_types import (
    PytestApproxDecimalToleranceWarning as PytestApproxDecimalToleranceWarning,
)
from _pytest.warning_types import (
    PytestAssertRewriteWarning as PytestAssertRewriteWarning,
)
from _pytest.warning_types import (
    PytestCacheWarning as PytestCacheWarning,
)
from _pytest.warning_types import (
    PytestCollectionWarning as PytestCollectionWarning,
)
from _pytest.warning_types import (
    PytestConfigWarning as PytestConfigWarning,
)
from _pytest.warning_types import (
    PytestDeprecationWarning as PytestDeprecationWarning,
)
from _pytest.warning_types import (
    PytestExperimentalApiWarning as PytestExperimentalApiWarning,
)
from _pytest.warning_types import (
    PytestFDWarning as PytestFDWarning,
)
from _pytest.warning_types import (
    PytestRemovedIn10Warning as PytestRemovedIn10Warning,
)
from _pytest.warning_types import (
    PytestReturnNotNoneWarning as PytestReturnNotNoneWarning,
)
from _pytest.warning_types import (
    PytestUnhandledThreadExceptionWarning as PytestUnhandledThreadExceptionWarning,
)
from _pytest.warning_types import (
    PytestUnknownMarkWarning as PytestUnknownMarkWarning,
)
from _pytest.warning_types import (
    PytestUnraisableExceptionWarning as PytestUnraisableExceptionWarning,
)
from _pytest.warning_types import (
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
