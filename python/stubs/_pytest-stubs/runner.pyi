from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Generic, Literal, TypeVar, final

from _pytest import timing as timing
from _pytest._code.code import ExceptionChainRepr as ExceptionChainRepr
from _pytest._code.code import ExceptionInfo as ExceptionInfo
from _pytest._code.code import TerminalRepr as TerminalRepr
from _pytest.config import Config as Config
from _pytest.config.argparsing import Parser as Parser
from _pytest.main import Session as Session
from _pytest.nodes import Collector as Collector
from _pytest.nodes import Directory as Directory
from _pytest.nodes import Item as Item
from _pytest.nodes import Node as Node
from _pytest.outcomes import Exit as Exit
from _pytest.outcomes import OutcomeException as OutcomeException
from _pytest.outcomes import Skipped as Skipped
from _pytest.reports import (
    BaseReport as BaseReport,
)
from _pytest.reports import (
    CollectErrorRepr as CollectErrorRepr,
)
from _pytest.reports import (
    CollectReport as CollectReport,
)
from _pytest.reports import (
    TestReport as TestReport,
)
from _pytest.terminal import TerminalReporter as TerminalReporter

TResult = TypeVar("TResult", covariant=True)

@final
@dataclass
class CallInfo(Generic[TResult]):
    _result: TResult | None
    excinfo: ExceptionInfo[BaseException] | None
    start: float
    stop: float
    duration: float
    when: Literal["collect", "setup", "call", "teardown"]
    def __init__(
        self,
        result: TResult | None,
        excinfo: ExceptionInfo[BaseException] | None,
        start: float,
        stop: float,
        duration: float,
        when: Literal["collect", "setup", "call", "teardown"],
        *,
        _ispytest: bool = False,
    ) -> None: ...
    @property
    def result(self) -> TResult: ...
    @classmethod
    def from_call(
        cls,
        func: Callable[[], TResult],
        when: Literal["collect", "setup", "call", "teardown"],
        reraise: type[BaseException] | tuple[type[BaseException], ...] | None = None,
    ) -> CallInfo[TResult]: ...
    def __repr__(self) -> str: ...

class SetupState:
    stack: dict[Node, tuple[list[Callable[[], object]], tuple[OutcomeException | Exception, TracebackType | None] | None]]
    def __init__(self) -> None: ...
    def addfinalizer(self, finalizer: Callable[[], object], node: Node) -> None: ...
    def is_node_active(self, node: Node) -> bool: ...
    def setup(self, item: Item) -> None: ...
    def teardown_exact(self, nextitem: Item | None) -> None: ...

def _update_current_test_var(item: Item, when: Literal["setup", "call", "teardown"] | None) -> None: ...
def call_and_report(item: Item, when: Literal["setup", "call", "teardown"], log: bool = True, **kwds) -> TestReport: ...
def check_interactive_exception(call: CallInfo[object], report: BaseReport) -> bool: ...
def collect_one_node(collector: Collector) -> CollectReport: ...
def get_reraise_exceptions(config: Config) -> tuple[type[BaseException], ...]: ...
def pytest_addoption(parser: Parser) -> None: ...
def pytest_make_collect_report(collector: Collector) -> CollectReport: ...
def pytest_report_teststatus(report: BaseReport) -> tuple[str, str, str] | None: ...
def pytest_runtest_call(item: Item) -> None: ...
def pytest_runtest_makereport(item: Item, call: CallInfo[None]) -> TestReport: ...
def pytest_runtest_protocol(item: Item, nextitem: Item | None) -> bool: ...
def pytest_runtest_setup(item: Item) -> None: ...
def pytest_runtest_teardown(item: Item, nextitem: Item | None) -> None: ...
def pytest_sessionfinish(session: Session) -> None: ...
def pytest_sessionstart(session: Session) -> None: ...
def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None: ...
def runtestprotocol(item: Item, log: bool = True, nextitem: Item | None = None) -> list[TestReport]: ...
def show_test_item(item: Item, *, add_space: bool) -> None: ...
