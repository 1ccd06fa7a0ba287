from collections.abc import Callable, Generator
from typing import Final, TypeAlias, TypeVar, final

from pluggy._config import HookimplOpts as HookimplOpts
from pluggy._decorators import varnames as varnames
from pluggy._result import Result as Result

_T = TypeVar("_T")

_HookImplFunction: TypeAlias = Callable[..., _T | Generator[None, Result[_T]]]
_Plugin: TypeAlias = object

@final
class HookImpl:
    argnames: Final[tuple[str, ...]]
    function: Final[Callable[..., object | Generator[None, Result[object]]]]
    hookwrapper: Final[bool]
    kwargnames: Final[tuple[str, ...]]
    optionalhook: Final[bool]
    opts: Final[HookimplOpts]
    plugin: Final[object]
    plugin_name: Final[str]
    tryfirst: Final[bool]
    trylast: Final[bool]
    wrapper: Final[bool]
    def __init__(self, plugin: object, plugin_name: str, function: _HookImplFunction[object], hook_impl_opts: HookimplOpts) -> None: ...
    def __repr__(self) -> str: ...
