"""Hooks and plugins (pluggy's interface, native)."""

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import pluggy_caller as _caller_room
from fastest._engine import pluggy_impl as _impl_room
from fastest._engine import pluggy_manager as _manager_room
from fastest._engine import pluggy_markers as _markers_room
from fastest._engine import pluggy_result as _result_room
from fastest._engine import pluggy_version as _version_room
from fastest._engine import pluggy_warnings as _warnings_room

HookCaller = _caller_room.HookCaller
HookRelay = _caller_room.HookRelay
HookImpl = _impl_room.HookImpl
HookimplMarker = _markers_room.HookimplMarker
HookspecMarker = _markers_room.HookspecMarker
PluginManager = _manager_room.PluginManager
PluginValidationError = _manager_room.PluginValidationError
HookCallError = _result_room.HookCallError
Result = _result_room.Result
PluggyWarning = _warnings_room.PluggyWarning
PluggyTeardownRaisedWarning = _warnings_room.PluggyTeardownRaisedWarning

__version__ = _version_room.__version__

__all__ = [
    "HookCallError",
    "HookCaller",
    "HookImpl",
    "HookRelay",
    "HookimplMarker",
    "HookimplOpts",
    "HookspecMarker",
    "HookspecOpts",
    "PluggyTeardownRaisedWarning",
    "PluggyWarning",
    "PluginManager",
    "PluginValidationError",
    "Result",
    "__version__",
]

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)
