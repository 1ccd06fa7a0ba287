"""Outcomes of hook calls."""

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import pluggy_result as _room

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

HookCallError = _room.HookCallError
Result = _Result = _room.Result
