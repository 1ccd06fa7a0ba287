"""Warnings."""

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import pluggy_warnings as _room

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

PluggyWarning = _room.PluggyWarning
PluggyTeardownRaisedWarning = _room.PluggyTeardownRaisedWarning
