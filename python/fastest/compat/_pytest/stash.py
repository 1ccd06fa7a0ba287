"""Typed storage for plugins."""

from fastest._engine import stash as _room

__all__ = ["Stash", "StashKey"]

Stash = _room.Stash
StashKey = _room.StashKey
