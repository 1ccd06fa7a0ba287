"""Everything about hooks under one roof."""

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


def __getattr__(name):
    if name in ("HookimplOpts", "HookspecOpts"):
        from . import _config

        return getattr(_config, name)
    if name in ("_HookExec", "_HookImplFunction"):
        from collections.abc import Callable

        return Callable
    if name == "_Namespace":
        from types import ModuleType

        return ModuleType | type
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
