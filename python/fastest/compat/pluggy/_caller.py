"""Hook callers."""

from fastest._engine import pluggy_caller as _room

HookCaller = _HookCaller = _room.HookCaller
HookRelay = _HookRelay = _room.HookRelay
_SubsetHookCaller = _room._SubsetHookCaller
