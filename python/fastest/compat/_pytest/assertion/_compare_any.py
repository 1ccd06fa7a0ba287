"""Explains why two objects of any kind are not equal."""

from _pytest.assertion._compare_mapping import _compare_eq_mapping
from _pytest.assertion._compare_sequence import _compare_eq_iterable, _compare_eq_sequence
from _pytest.assertion._compare_set import _compare_eq_set
from _pytest.assertion._guards import (
    has_default_eq,
    isattrs,
    isdatacls,
    isiterable,
    ismapping,
    isnamedtuple,
    issequence,
    isset,
    istext,
)
from _pytest.assertion.compare_text import _compare_eq_text
from fastest._engine import compare_any as _room
from fastest._engine import elsewhere as _elsewhere

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

_compare_eq_any = _room._compare_eq_any
_compare_eq_cls = _room._compare_eq_cls
