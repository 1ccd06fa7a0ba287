from typing import Any, ClassVar, NoReturn

exit: _Exit
fail: _Fail
skip: _Skip
xfail: _XFail

class Exit(Exception):
    msg: str
    returncode: int | None
    def __init__(self, msg: str = "unknown reason", returncode: int | None = None) -> None: ...

class _Exit:
    Exception: ClassVar[type[Exit]]
    def __call__(self, reason: str = "", returncode: int | None = None) -> NoReturn: ...

class _Fail:
    Exception: ClassVar[type[Failed]]
    def __call__(self, reason: str = "", pytrace: bool = True) -> NoReturn: ...

class OutcomeException(BaseException):
    msg: str | None
    pytrace: bool
    def __init__(self, msg: str | None = None, pytrace: bool = True) -> None: ...
    def __repr__(self) -> str: ...
    __str__ = __repr__

class Failed(OutcomeException): ...

class _Skip:
    Exception: ClassVar[type[Skipped]]
    def __call__(self, reason: str = "", allow_module_level: bool = False) -> NoReturn: ...

class Skipped(OutcomeException):
    allow_module_level: bool
    _use_item_location: bool
    def __init__(self, msg: str | None = None, pytrace: bool = True, allow_module_level: bool = False, *, _use_item_location: bool = False) -> None: ...

class _XFail:
    Exception: ClassVar[type[XFailed]]
    def __call__(self, reason: str = "") -> NoReturn: ...

class XFailed(Failed): ...

TEST_OUTCOME = (OutcomeException, Exception)

def importorskip(modname: str, minversion: str | None = None, reason: str | None = None, *, exc_type: type[ImportError] | None = None) -> Any: ...
