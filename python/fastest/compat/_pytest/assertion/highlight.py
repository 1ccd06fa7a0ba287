"""Highlighting that changes nothing."""

from fastest._engine import assertion_guards as _room
from fastest._engine import elsewhere as _elsewhere

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

dummy_highlighter = _room.dummy_highlighter
