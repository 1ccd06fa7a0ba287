"""Outcomes of hook calls."""

from fastest._engine import pluggy_result as _room

HookCallError = _room.HookCallError
Result = _Result = _room.Result
