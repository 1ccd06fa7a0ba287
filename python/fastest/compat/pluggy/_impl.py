"""Hook implementations."""

from fastest._engine import pluggy_impl as _room

HookImpl = _room.HookImpl
_Plugin = object
