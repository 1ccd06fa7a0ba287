from pluggy._caller import HookCaller as HookCaller, HookRelay as HookRelay
from pluggy._config import HookimplOpts as HookimplOpts, HookspecOpts as HookspecOpts
from pluggy._decorators import HookimplMarker as HookimplMarker, HookspecMarker as HookspecMarker
from pluggy._impl import HookImpl as HookImpl
from pluggy._manager import PluginManager as PluginManager, PluginValidationError as PluginValidationError
from pluggy._result import HookCallError as HookCallError, Result as Result
from pluggy._warnings import PluggyTeardownRaisedWarning as PluggyTeardownRaisedWarning, PluggyWarning as PluggyWarning

__version__: str

def __getattr__(name: str) -> str: ...

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
