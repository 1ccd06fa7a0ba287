"""Scopes of fixtures and parameters."""

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import scope as _room

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

Scope = _room.Scope
HIGH_SCOPES = _room.HIGH_SCOPES
_ALL_SCOPES = _room._ALL_SCOPES
_SCOPE_INDICES = _room._SCOPE_INDICES
