"""Marking tests with attributes, and selecting tests by them."""

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import mark as _room

from .structures import EMPTY_PARAMETERSET_OPTION
from .structures import HIDDEN_PARAM
from .structures import MARK_GEN
from .structures import Mark
from .structures import MarkDecorator
from .structures import MarkGenerator
from .structures import ParameterSet
from .structures import _HiddenParam
from .structures import get_empty_parameterset_mark

IGNORED_FUNCTION_ATTRIBUTES = _room.IGNORED_FUNCTION_ATTRIBUTES
KeywordMatcher = _room.KeywordMatcher
MarkMatcher = _room.MarkMatcher
_is_matchable_function_attribute = _room._is_matchable_function_attribute
_parse_expression = _room._parse_expression
_validate_marker_names = _room._validate_marker_names
deselect_by_keyword = _room.deselect_by_keyword
deselect_by_mark = _room.deselect_by_mark
old_mark_config_key = _room.old_mark_config_key
param = _room.param
pytest_addoption = _room.pytest_addoption
pytest_cmdline_main = _room.pytest_cmdline_main
pytest_collection_modifyitems = _room.pytest_collection_modifyitems
pytest_unconfigure = _room.pytest_unconfigure

__all__ = [
    "HIDDEN_PARAM",
    "MARK_GEN",
    "Mark",
    "MarkDecorator",
    "MarkGenerator",
    "ParameterSet",
    "get_empty_parameterset_mark",
]


def pytest_configure(config):
    """Let ``pytest.mark`` know the configured marks. A Python function because tests ask for its line."""
    _room.pytest_configure(config)

__dir__ = _elsewhere.names(__name__, "Expression")


def __getattr__(name):
    if name == "Expression":
        from .expression import Expression

        return Expression
    return _elsewhere.find(__name__, name, "Expression")
