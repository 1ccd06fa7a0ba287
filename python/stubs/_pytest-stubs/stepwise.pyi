from dataclasses import dataclass
from datetime import datetime

from _pytest import nodes as nodes
from _pytest.cacheprovider import Cache as Cache
from _pytest.config import Config as Config
from _pytest.config.argparsing import Parser as Parser
from _pytest.main import Session as Session
from _pytest.nodeid import NodeId as NodeId
from _pytest.nodes import Item
from _pytest.reports import TestReport as TestReport
from typing_extensions import Self

STEPWISE_CACHE_DIR = "cache/stepwise"

@dataclass
class StepwiseCacheInfo:
    last_failed: NodeId | None
    last_test_count: int | None
    last_cache_date_str: str
    @property
    def last_cache_date(self) -> datetime: ...
    @classmethod
    def empty(cls) -> Self: ...
    def update_date_to_now(self) -> None: ...

class StepwisePlugin:
    cache: Cache
    cached_info: StepwiseCacheInfo
    config: Config
    report_status: list[str]
    reset: bool
    session: Session | None
    skip: bool
    def __init__(self, config: Config) -> None: ...
    def pytest_collection_modifyitems(self, config: Config, items: list[Item]) -> None: ...
    def pytest_report_collectionfinish(self) -> list[str] | None: ...
    def pytest_runtest_logreport(self, report: TestReport) -> None: ...
    def pytest_sessionfinish(self) -> None: ...
    def pytest_sessionstart(self, session: Session) -> None: ...
    def _load_cached_info(self) -> StepwiseCacheInfo: ...

def pytest_addoption(parser: Parser) -> None: ...
def pytest_configure(config: Config) -> None: ...
def pytest_sessionfinish(session: Session) -> None: ...
