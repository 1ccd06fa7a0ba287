from collections.abc import Generator
from typing import Any, Protocol

from _pytest.assertion import rewrite as rewrite
from _pytest.assertion import truncate as truncate
from _pytest.assertion import util as util
from _pytest.assertion._typing import (
    NO_TRUNCATION_BUDGET as NO_TRUNCATION_BUDGET,
)
from _pytest.assertion._typing import (
    TruncationBudget as TruncationBudget,
)
from _pytest.assertion._typing import (
    _AssertionTextDiffStyle as _AssertionTextDiffStyle,
)
from _pytest.assertion.rewrite import AssertionRewritingHook
from _pytest.assertion.rewrite import assertstate_key as assertstate_key
from _pytest.config import Config as Config
from _pytest.config import hookimpl as hookimpl
from _pytest.config.argparsing import Parser as Parser
from _pytest.main import Session as Session
from _pytest.nodes import Item as Item
from pluggy._tracing import TagTracerSub

class AssertionState:
    hook: AssertionRewritingHook | None
    mode: Any
    trace: TagTracerSub
    def __init__(self, config: Config, mode) -> None: ...

class DummyRewriteHook:
    def mark_rewrite(self, *names: str) -> None: ...

class RewriteHook(Protocol):
    def mark_rewrite(self, *names: str) -> None: ...

def install_importhook(config: Config) -> AssertionRewritingHook: ...
def pytest_addoption(parser: Parser) -> None: ...
def pytest_assertrepr_compare(config: Config, op: str, left: Any, right: Any) -> list[str] | None: ...
def pytest_collection(session: Session) -> None: ...
def pytest_configure(config: Config) -> None: ...
def pytest_runtest_protocol(item: Item) -> Generator[None, object, object]: ...
def pytest_sessionfinish(session: Session) -> None: ...
def register_assert_rewrite(*names: str) -> None: ...
