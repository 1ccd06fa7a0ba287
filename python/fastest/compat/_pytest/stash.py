"""Typed storage for plugins."""

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import stash as _room

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

__all__ = ["Stash", "StashKey"]

Stash = _room.Stash
StashKey = _room.StashKey
