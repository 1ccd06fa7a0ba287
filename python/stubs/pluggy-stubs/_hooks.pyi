from pluggy._caller import (
    HookCaller as HookCaller,
    HookRelay as HookRelay,
    _HookCaller as _HookCaller,
    _HookExec as _HookExec,
    _HookRelay as _HookRelay,
    _SubsetHookCaller as _SubsetHookCaller,
)
from pluggy._config import HookimplOpts as HookimplOpts, HookspecOpts as HookspecOpts, normalize_hookimpl_opts as normalize_hookimpl_opts
from pluggy._decorators import (
    HookimplMarker as HookimplMarker,
    HookSpec as HookSpec,
    HookspecMarker as HookspecMarker,
    _Namespace as _Namespace,
    varnames as varnames,
)
from pluggy._impl import HookImpl as HookImpl, _HookImplFunction as _HookImplFunction, _Plugin as _Plugin

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
