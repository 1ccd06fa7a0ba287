from pluggy._caller import HookCaller as HookCaller
from pluggy._caller import HookRelay as HookRelay
from pluggy._config import HookimplOpts as HookimplOpts
from pluggy._config import HookspecOpts as HookspecOpts
from pluggy._decorators import HookimplMarker as HookimplMarker
from pluggy._decorators import HookspecMarker as HookspecMarker
from pluggy._impl import HookImpl as HookImpl
from pluggy._manager import PluginManager as PluginManager
from pluggy._manager import PluginValidationError as PluginValidationError
from pluggy._result import HookCallError as HookCallError
from pluggy._result import Result as Result
from pluggy._warnings import PluggyTeardownRaisedWarning as PluggyTeardownRaisedWarning
from pluggy._warnings import PluggyWarning as PluggyWarning

__version__: str

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
