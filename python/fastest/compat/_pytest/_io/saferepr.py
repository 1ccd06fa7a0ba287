"""Reprs that never fail and never get too long."""

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import saferepr as _room

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

DEFAULT_REPR_MAX_SIZE = _room.DEFAULT_REPR_MAX_SIZE
SafeRepr = _room.SafeRepr
_ellipsize = _room._ellipsize
_format_repr_exception = _room._format_repr_exception
_try_repr_or_str = _room._try_repr_or_str
safeformat = _room.safeformat
saferepr = _room.saferepr
saferepr_unlimited = _room.saferepr_unlimited
