"""Everything about hooks under one roof."""

from fastest._engine import elsewhere as _elsewhere

from ._caller import _HookCaller as _HookCaller
from ._caller import _HookRelay as _HookRelay
from ._caller import _SubsetHookCaller as _SubsetHookCaller
from ._caller import HookCaller as HookCaller
from ._caller import HookRelay as HookRelay
from ._config import normalize_hookimpl_opts as normalize_hookimpl_opts
from ._decorators import HookimplMarker as HookimplMarker
from ._decorators import HookSpec as HookSpec
from ._decorators import HookspecMarker as HookspecMarker
from ._decorators import varnames as varnames
from ._impl import _Plugin as _Plugin
from ._impl import HookImpl as HookImpl

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

__all__ = [
    "HookCaller",
    "HookImpl",
    "HookRelay",
    "HookSpec",
    "HookimplMarker",
    "HookimplOpts",
    "HookspecMarker",
    "HookspecOpts",
    "_HookCaller",
    "_HookExec",
    "_HookImplFunction",
    "_HookRelay",
    "_Namespace",
    "_Plugin",
    "_SubsetHookCaller",
    "normalize_hookimpl_opts",
    "varnames",
]
