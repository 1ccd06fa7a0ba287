"""Explains why two sequences or iterables are not equal."""

from fastest._engine import compare_containers as _room
from fastest._engine import elsewhere as _elsewhere

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

_compare_eq_iterable = _room._compare_eq_iterable
_compare_eq_sequence = _room._compare_eq_sequence
