"""Explains why two mappings are not equal."""

from fastest._engine import compare_mapping as _room

_compare_eq_mapping = _room._compare_eq_mapping
_format_extra_items = _room._format_extra_items
