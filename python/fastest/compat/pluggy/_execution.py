"""Calling the implementations of a hook."""

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import pluggy_execution as _room

__getattr__ = _elsewhere.of(__name__)

_multicall = _room._multicall
