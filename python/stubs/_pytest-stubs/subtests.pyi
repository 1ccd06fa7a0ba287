from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from _pytest._code.code import ExceptionInfo as ExceptionInfo
from _pytest.capture import CaptureFixture as CaptureFixture, FDCapture as FDCapture, SysCapture as SysCapture
from _pytest.config import Config as Config
from _pytest.config.argparsing import Parser as Parser
from _pytest.fixtures import FixtureFunctionDefinition, SubRequest as SubRequest
from _pytest.logging import LogCaptureHandler as LogCaptureHandler, LoggingPlugin as LoggingPlugin, catching_logs as catching_logs
from _pytest.nodeid import NodeId as NodeId
from _pytest.reports import TestReport as TestReport
from _pytest.runner import CallInfo as CallInfo
from _pytest.stash import StashKey as StashKey
from pluggy._caller import HookRelay
from typing_extensions import Self

failed_subtests_key: StashKey[defaultdict[NodeId, int]]

@dataclass
class Captured:
    out: str = ""
    err: str = ""

@dataclass
class CapturedLogs:
    handler: LogCaptureHandler

@dataclass(frozen=True)
class SubtestContext:
    msg: str | None = field(kw_only=True)
    kwargs: Mapping[str, Any] = field(kw_only=True)
    def __post_init__(self) -> None: ...
    @classmethod
    def _from_json(cls, d: dict[str, Any]) -> Self: ...
    def _to_json(self) -> dict[str, Any]: ...

@dataclass
class _SubTestContextManager:
    ihook: HookRelay
    msg: str | None
    kwargs: dict[str, Any]
    suspend_capture_ctx: Callable[[], AbstractContextManager[None, bool | None]]
    request: SubRequest
    config: Config
    _captured_logs: CapturedLogs | None = field(init=False)
    _captured_output: Captured = field(init=False)
    _exc_info: None = field(init=False)
    _exit_stack: ExitStack[bool | None] = field(init=False)
    _precise_start: float = field(init=False)
    _start: float = field(init=False)
    def __enter__(self) -> None: ...
    def __exit__(self, exc_type: type[BaseException] | None, exc_val: BaseException | None, exc_tb: TracebackType | None) -> bool: ...

@dataclass(init=False)
class SubtestReport(TestReport):
    context: SubtestContext
    @property
    def head_line(self) -> str: ...
    @classmethod
    def _from_json(cls, reportdict: dict[str, Any]) -> SubtestReport: ...
    @classmethod
    def _new(cls, test_report: TestReport, context: SubtestContext, captured_output: Captured | None, captured_logs: CapturedLogs | None) -> Self: ...
    def _sub_test_description(self) -> str: ...
    def _to_json(self) -> dict[str, Any]: ...

class Subtests:
    _ihook: HookRelay
    _request: SubRequest
    _suspend_capture_ctx: Callable[[], AbstractContextManager[None, bool | None]]
    def __init__(
        self, ihook: HookRelay, suspend_capture_ctx: Callable[[], AbstractContextManager[None, bool | None]], request: SubRequest, *, _ispytest: bool = False
    ) -> None: ...
    def test(self, msg: str | None = None, **kwargs: Any) -> _SubTestContextManager: ...

@contextmanager
def capturing_logs(request: SubRequest) -> Iterator[CapturedLogs | None]: ...
@contextmanager
def capturing_output(request: SubRequest) -> Iterator[Captured]: ...
def pytest_addoption(parser: Parser) -> None: ...
def pytest_configure(config: Config) -> None: ...
def pytest_report_from_serializable(data: dict[str, Any]) -> SubtestReport | None: ...
def pytest_report_teststatus(report: TestReport, config: Config) -> tuple[str, str, str | Mapping[str, bool]] | None: ...
def pytest_report_to_serializable(report: TestReport) -> dict[str, Any] | None: ...

subtests: FixtureFunctionDefinition
