"""Highlighting that changes nothing."""

from fastest._engine import assertion_guards as _room

dummy_highlighter = _room.dummy_highlighter
