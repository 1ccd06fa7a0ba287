"""Warnings."""

from fastest._engine import pluggy_warnings as _room

PluggyWarning = _room.PluggyWarning
PluggyTeardownRaisedWarning = _room.PluggyTeardownRaisedWarning
