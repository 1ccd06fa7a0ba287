"""Calling the implementations of a hook."""

from fastest._engine import pluggy_execution as _room

_multicall = _room._multicall
