from collections.abc import Generator
from dataclasses import dataclass

from _pytest.config import Config as Config
from _pytest.config.argparsing import Parser as Parser
from _pytest.mark.structures import Mark as Mark
from _pytest.nodes import Item as Item
from _pytest.raises import AbstractRaises as AbstractRaises
from _pytest.reports import BaseReport as BaseReport, TestReport as TestReport
from _pytest.runner import CallInfo as CallInfo
from _pytest.stash import StashKey as StashKey

xfailed_key: StashKey[Xfail | None]

@dataclass(frozen=True)
class Skip:
    reason: str = "unconditional skip"

@dataclass(frozen=True)
class Xfail:
    reason: str
    run: bool
    strict: bool
    raises: type[BaseException] | tuple[type[BaseException], ...] | AbstractRaises[BaseException] | None

def evaluate_condition(item: Item, mark: Mark, condition: object) -> tuple[bool, str]: ...
def evaluate_skip_marks(item: Item) -> Skip | None: ...
def evaluate_xfail_marks(item: Item) -> Xfail | None: ...
def pytest_addoption(parser: Parser) -> None: ...
def pytest_configure(config: Config) -> None: ...
def pytest_report_teststatus(report: BaseReport) -> tuple[str, str, str] | None: ...
def pytest_runtest_call(item: Item) -> Generator[None]: ...
def pytest_runtest_makereport(item: Item, call: CallInfo[None]) -> Generator[None, TestReport, TestReport]: ...
def pytest_runtest_setup(item: Item) -> None: ...
