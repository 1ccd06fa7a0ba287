from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_error_maker: ErrorMaker
_winerrnomap: dict[int, int]

class Error(OSError):
    def __repr__(self) -> str: ...
    def __str__(self) -> str: ...

class ErrorMaker:
    _errno2class: dict[int, type[Error]]
    def checked_call(self, func: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R: ...
    def __getattr__(self, name: str) -> type[Error]: ...
    def _geterrnoclass(self, eno: int) -> type[Error]: ...

def checked_call(func: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R: ...
