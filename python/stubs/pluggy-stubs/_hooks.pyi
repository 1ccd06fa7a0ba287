from pluggy._caller import (
    HookCaller as HookCaller,
)
from pluggy._caller import (
    HookRelay as HookRelay,
)
from pluggy._caller import (
    _HookCaller as _HookCaller,
)
from pluggy._caller import (
    _HookExec as _HookExec,
)
from pluggy._caller import (
    _HookRelay as _HookRelay,
)
from pluggy._caller import (
    _SubsetHookCaller as _SubsetHookCaller,
)
from pluggy._config import HookimplOpts as HookimplOpts
from pluggy._config import HookspecOpts as HookspecOpts
from pluggy._config import normalize_hookimpl_opts as normalize_hookimpl_opts
from pluggy._decorators import (
    HookimplMarker as HookimplMarker,
)
from pluggy._decorators import (
    HookSpec as HookSpec,
)
from pluggy._decorators import (
    HookspecMarker as HookspecMarker,
)
from pluggy._decorators import (
    _Namespace as _Namespace,
)
from pluggy._decorators import (
    varnames as varnames,
)
from pluggy._impl import HookImpl as HookImpl
from pluggy._impl import _HookImplFunction as _HookImplFunction
from pluggy._impl import _Plugin as _Plugin

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
