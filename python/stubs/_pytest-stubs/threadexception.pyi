from collections import deque
from collections.abc import Callable
from threading import ExceptHookArgs
from typing import NamedTuple

import pytest as pytest
from _pytest.config import Config as Config
from _pytest.nodes import Item as Item
from _pytest.stash import StashKey as StashKey

thread_exceptions: StashKey[deque[ThreadExceptionMeta | BaseException]]

class ThreadExceptionMeta(NamedTuple):
    msg: str
    cause_msg: str
    exc_value: BaseException | None

def cleanup(*, config: Config, prev_hook: Callable[[ExceptHookArgs], object]) -> None: ...
def collect_thread_exception(config: Config) -> None: ...
def pytest_configure(config: Config) -> None: ...
def pytest_runtest_call(item: Item) -> None: ...
def pytest_runtest_setup(item: Item) -> None: ...
def pytest_runtest_teardown(item: Item) -> None: ...
def thread_exception_hook(args: ExceptHookArgs, /, *, append: Callable[[ThreadExceptionMeta | BaseException], object]) -> None: ...
