"""Hook implementations."""

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import pluggy_impl as _room

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

HookImpl = _room.HookImpl
_Plugin = object
