"""Explains why two texts are not equal, or that one is in the other."""

from fastest._engine import compare_text as _room
from fastest._engine import elsewhere as _elsewhere

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

_cap_ndiff_input = _room._cap_ndiff_input
_compare_eq_text = _room._compare_eq_text
_diff_text = _room._diff_text
_diff_text_block = _room._diff_text_block
_format_text_block_lines = _room._format_text_block_lines
_notin_text = _room._notin_text
