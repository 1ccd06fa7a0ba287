from collections.abc import Generator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias, final

from _pytest.config import Config as Config, ExitCode as ExitCode
from _pytest.config.argparsing import Parser as Parser
from _pytest.fixtures import FixtureFunctionDefinition, FixtureRequest as FixtureRequest
from _pytest.monkeypatch import MonkeyPatch as MonkeyPatch
from _pytest.nodes import Item as Item
from _pytest.reports import TestReport as TestReport
from _pytest.stash import StashKey as StashKey

RetentionType: TypeAlias = Literal["all", "failed", "none"]

tmppath_result_key: StashKey[dict[str, bool]]

@final
@dataclass
class TempPathFactory:
    _given_basetemp: Path | None
    _trace: Any
    _basetemp: Path | None
    _retention_count: int
    _retention_policy: RetentionType
    _exit_stack: ExitStack[bool | None] = field(init=False)
    _next_number: dict[str, int] = field(init=False)
    def __init__(
        self, given_basetemp: Path | None, retention_count: int, retention_policy: RetentionType, trace, basetemp: Path | None = None, *, _ispytest: bool = False
    ) -> None: ...
    @classmethod
    def from_config(cls, config: Config, *, _ispytest: bool = False) -> TempPathFactory: ...
    def getbasetemp(self) -> Path: ...
    def mktemp(self, basename: str, numbered: bool = True) -> Path: ...
    def _ensure_relative_to_basetemp(self, basename: str) -> str: ...
    def _make_counted_dir(self, prefix: str) -> Path: ...

def _mk_tmp(request: FixtureRequest, factory: TempPathFactory) -> Path: ...
def get_user() -> str | None: ...
def pytest_addoption(parser: Parser) -> None: ...
def pytest_configure(config: Config) -> None: ...
def pytest_runtest_makereport(item: Item, call) -> Generator[None, TestReport, TestReport]: ...
def pytest_sessionfinish(session, exitstatus: int | ExitCode) -> Any: ...

tmp_path: FixtureFunctionDefinition
tmp_path_factory: FixtureFunctionDefinition
