from collections.abc import Collection, Iterable, Set as AbstractSet
from dataclasses import dataclass

from _pytest.compat import NOTSET as NOTSET
from _pytest.config import Config as Config, ExitCode as ExitCode, hookimpl as hookimpl
from _pytest.config.argparsing import Parser as Parser
from _pytest.config.exceptions import UsageError as UsageError
from _pytest.mark.expression import Expression as Expression
from _pytest.mark.structures import (
    EMPTY_PARAMETERSET_OPTION as EMPTY_PARAMETERSET_OPTION,
    HIDDEN_PARAM as HIDDEN_PARAM,
    MARK_GEN as MARK_GEN,
    Mark as Mark,
    MarkDecorator as MarkDecorator,
    MarkGenerator as MarkGenerator,
    ParameterSet as ParameterSet,
    _EmptyParameterSetMark as _EmptyParameterSetMark,
    _HiddenParam as _HiddenParam,
    get_empty_parameterset_mark as get_empty_parameterset_mark,
)
from _pytest.nodes import Item as Item
from _pytest.stash import StashKey as StashKey

IGNORED_FUNCTION_ATTRIBUTES: frozenset[str]
old_mark_config_key: StashKey[Config | None]

@dataclass
class KeywordMatcher:
    _names: AbstractSet[str]
    @classmethod
    def from_item(cls, item: Item) -> KeywordMatcher: ...
    def __call__(self, subname: str, /, **kwargs: str | int | bool | None) -> bool: ...

@dataclass
class MarkMatcher:
    own_mark_name_mapping: dict[str, list[Mark]]
    @classmethod
    def from_markers(cls, markers: Iterable[Mark]) -> MarkMatcher: ...
    def __call__(self, name: str, /, **kwargs: str | int | bool | None) -> bool: ...

def _is_matchable_function_attribute(name: str) -> bool: ...
def _parse_expression(expr: str, exc_message: str) -> Expression: ...
def _validate_marker_names(expr: Expression, config: Config) -> None: ...
def deselect_by_keyword(items: list[Item], config: Config) -> None: ...
def deselect_by_mark(items: list[Item], config: Config) -> None: ...
def param(*values: object, marks: MarkDecorator | Collection[MarkDecorator | Mark] = (), id: str | _HiddenParam | None = None) -> ParameterSet: ...
def pytest_addoption(parser: Parser) -> None: ...
def pytest_cmdline_main(config: Config) -> int | ExitCode | None: ...
def pytest_collection_modifyitems(items: list[Item], config: Config) -> None: ...
def pytest_configure(config: Config) -> None: ...
def pytest_unconfigure(config: Config) -> None: ...

__all__ = ["HIDDEN_PARAM", "MARK_GEN", "Mark", "MarkDecorator", "MarkGenerator", "ParameterSet", "get_empty_parameterset_mark"]
