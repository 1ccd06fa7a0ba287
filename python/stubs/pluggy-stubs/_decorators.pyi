from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any, Final, TypeAlias, TypeVar, final, overload

from pluggy._config import HookimplOpts as HookimplOpts, HookspecOpts as HookspecOpts

_F = TypeVar("_F", bound=Callable[..., object])

_Namespace: TypeAlias = ModuleType | type

_IMPLICIT_NAMES = ("self", "cls")
_NOSELF_WARN_SUPPRESS: frozenset[str]
_PYPY: bool

@final
class HookimplMarker:
    project_name: Final[str]
    def __init__(self, project_name: str) -> None: ...
    @overload
    def __call__(
        self,
        function: _F,
        hookwrapper: bool = ...,
        optionalhook: bool = ...,
        tryfirst: bool = ...,
        trylast: bool = ...,
        specname: str | None = ...,
        wrapper: bool = ...,
    ) -> _F: ...
    @overload
    def __call__(
        self,
        function: None = ...,
        hookwrapper: bool = ...,
        optionalhook: bool = ...,
        tryfirst: bool = ...,
        trylast: bool = ...,
        specname: str | None = ...,
        wrapper: bool = ...,
    ) -> Callable[[_F], _F]: ...

@final
class HookSpec:
    argnames: tuple[str, ...]
    function: Callable[..., object]
    kwargdefaults: dict[str, Any]
    kwargnames: tuple[str, ...]
    name: str
    namespace: _Namespace
    opts: HookspecOpts
    warn_on_impl: Warning | None
    warn_on_impl_args: Mapping[str, Warning] | None
    def __init__(self, namespace: _Namespace, name: str, opts: HookspecOpts) -> None: ...

@final
class HookspecMarker:
    project_name: Final[str]
    def __init__(self, project_name: str) -> None: ...
    @overload
    def __call__(
        self,
        function: _F,
        firstresult: bool = False,
        historic: bool = False,
        warn_on_impl: Warning | None = None,
        warn_on_impl_args: Mapping[str, Warning] | None = None,
    ) -> _F: ...
    @overload
    def __call__(
        self,
        function: None = ...,
        firstresult: bool = ...,
        historic: bool = ...,
        warn_on_impl: Warning | None = ...,
        warn_on_impl_args: Mapping[str, Warning] | None = ...,
    ) -> Callable[[_F], _F]: ...

def varnames(func: object, *, legacy_noself: bool = False) -> tuple[tuple[str, ...], tuple[str, ...]]: ...
