"""Hook callers."""

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import pluggy_caller as _room

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

HookCaller = _HookCaller = _room.HookCaller
HookRelay = _HookRelay = _room.HookRelay
_SubsetHookCaller = _room._SubsetHookCaller
