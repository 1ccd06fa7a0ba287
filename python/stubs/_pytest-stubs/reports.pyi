import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, NoReturn, final

from _pytest._code.code import (
    ExceptionChainRepr as ExceptionChainRepr,
    ExceptionInfo as ExceptionInfo,
    ExceptionRepr as ExceptionRepr,
    ReprEntry as ReprEntry,
    ReprEntryNative as ReprEntryNative,
    ReprExceptionInfo as ReprExceptionInfo,
    ReprFileLocation as ReprFileLocation,
    ReprFuncArgs as ReprFuncArgs,
    ReprLocals as ReprLocals,
    ReprTraceback as ReprTraceback,
    TerminalRepr as TerminalRepr,
)
from _pytest._io.terminalwriter import TerminalWriter as TerminalWriter
from _pytest.config import Config as Config
from _pytest.nodeid import NodeId as NodeId
from _pytest.nodes import Collector as Collector, Item as Item
from _pytest.runner import CallInfo as CallInfo
from typing_extensions import Self

if sys.version_info < (3, 11):
    from exceptiongroup import BaseExceptionGroup

class BaseReport:
    location: tuple[str, int | None, str] | None
    longrepr: ExceptionInfo[BaseException] | tuple[str, int, str] | str | TerminalRepr | None
    outcome: Literal["passed", "failed", "skipped"]
    sections: list[tuple[str, str]]
    when: str | None
    _id: NodeId
    def __init__(self, **kw: Any) -> None: ...
    @property
    def caplog(self) -> str: ...
    @property
    def capstderr(self) -> str: ...
    @property
    def capstdout(self) -> str: ...
    @property
    def count_towards_summary(self) -> bool: ...
    @property
    def failed(self) -> bool: ...
    @property
    def fspath(self) -> str: ...
    @property
    def head_line(self) -> str | None: ...
    @property
    def id(self) -> NodeId: ...
    @property
    def longreprtext(self) -> str: ...
    @property
    def nodeid(self) -> str: ...
    @nodeid.setter
    def nodeid(self, value: str) -> None: ...
    @property
    def passed(self) -> bool: ...
    @property
    def skipped(self) -> bool: ...
    def get_sections(self, prefix: str) -> Iterator[tuple[str, str]]: ...
    def toterminal(self, out: TerminalWriter) -> None: ...
    def __getattr__(self, key: str) -> Any: ...
    @classmethod
    def _from_json(cls, reportdict: dict[str, object]) -> Self: ...
    def _get_verbose_word_with_markup(self, config: Config, default_markup: Mapping[str, bool]) -> tuple[str, Mapping[str, bool]]: ...
    def _to_json(self) -> dict[str, Any]: ...

class CollectErrorRepr(TerminalRepr):
    longrepr: str
    def __init__(self, msg: str) -> None: ...
    def toterminal(self, out: TerminalWriter) -> None: ...

@final
class CollectReport(BaseReport):
    result: list[Item | Collector]
    when = "collect"
    _id: NodeId
    def __init__(
        self,
        nodeid: str | NodeId,
        outcome: Literal["passed", "failed", "skipped"],
        longrepr: ExceptionInfo[BaseException] | tuple[str, int, str] | str | TerminalRepr | None,
        result: list[Item | Collector] | None,
        sections: Iterable[tuple[str, str]] = (),
        **extra,
    ) -> None: ...
    @property
    def id(self) -> NodeId: ...
    @property
    def location(self) -> tuple[str, int | None, str] | None: ...  # type: ignore[override]
    def __repr__(self) -> str: ...

class TestReport(BaseReport):
    __test__ = False
    duration: float
    keywords: Mapping[str, Literal[1]]
    location: tuple[str, int | None, str]
    start: float
    stop: float
    user_properties: list[tuple[str, object]]
    wasxfail: str
    when: Literal["setup", "call", "teardown"]
    _id: NodeId
    def __init__(
        self,
        nodeid: str | NodeId,
        location: tuple[str, int | None, str],
        keywords: Mapping[str, Literal[1]],
        outcome: Literal["passed", "failed", "skipped"],
        longrepr: ExceptionInfo[BaseException] | tuple[str, int, str] | str | TerminalRepr | None,
        when: Literal["setup", "call", "teardown"],
        sections: Iterable[tuple[str, str]] = (),
        duration: float = 0,
        start: float = 0,
        stop: float = 0,
        user_properties: Iterable[tuple[str, object]] | None = None,
        **extra,
    ) -> None: ...
    @property
    def id(self) -> NodeId: ...
    @classmethod
    def from_item_and_call(cls, item: Item, call: CallInfo[None]) -> TestReport: ...
    def __repr__(self) -> str: ...

def _format_exception_group_all_skipped_longrepr(
    item: Item, excinfo: ExceptionInfo[BaseExceptionGroup[BaseException | BaseExceptionGroup[BaseException]]]
) -> tuple[str, int, str]: ...
def _format_failed_longrepr(item: Item, call: CallInfo[None], excinfo: ExceptionInfo[BaseException]) -> Any: ...
def _report_kwargs_from_json(reportdict: dict[str, Any]) -> dict[str, Any]: ...
def _report_to_json(report: BaseReport) -> dict[str, Any]: ...
def _report_unserialization_failure(type_name: str, report_class: type[BaseReport], reportdict) -> NoReturn: ...
def getworkerinfoline(node): ...
def pytest_report_from_serializable(data: dict[str, Any]) -> CollectReport | TestReport | None: ...
def pytest_report_to_serializable(report: CollectReport | TestReport) -> dict[str, Any] | None: ...
