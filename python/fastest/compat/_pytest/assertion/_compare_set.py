"""Explains comparisons of sets."""

from fastest._engine import compare_sets as _room
from fastest._engine import elsewhere as _elsewhere

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

SET_COMPARISON_FUNCTIONS = _room.SET_COMPARISON_FUNCTIONS
_both_sets_are_equal = _room._both_sets_are_equal
_compare_eq_set = _room._compare_eq_set
_compare_gt_set = _room._compare_gt_set
_compare_gte_set = _room._compare_gte_set
_compare_lt_set = _room._compare_lt_set
_compare_lte_set = _room._compare_lte_set
_set_one_sided_diff = _room._set_one_sided_diff
