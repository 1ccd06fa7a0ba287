"""Typed storage for plugins."""

from fastest._engine import stash as _room

Stash = _room.Stash
StashKey = _room.StashKey
