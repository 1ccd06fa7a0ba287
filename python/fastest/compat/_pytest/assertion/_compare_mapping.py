"""Explains why two mappings are not equal."""

from fastest._engine import compare_mapping as _room
from fastest._engine import elsewhere as _elsewhere

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

_compare_eq_mapping = _room._compare_eq_mapping
_format_extra_items = _room._format_extra_items
