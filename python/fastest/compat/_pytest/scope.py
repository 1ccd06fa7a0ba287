"""Scopes of fixtures and parameters."""

from fastest._engine import scope as _room

Scope = _room.Scope
HIGH_SCOPES = _room.HIGH_SCOPES
_ALL_SCOPES = _room._ALL_SCOPES
_SCOPE_INDICES = _room._SCOPE_INDICES


def __getattr__(name):
    if name == "ScopeName":
        from typing import Literal

        return Literal["session", "package", "module", "class", "function"]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
