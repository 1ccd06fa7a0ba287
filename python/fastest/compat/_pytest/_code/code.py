"""Code, frames, tracebacks, exceptions. Implemented in src/engine/explain/."""

from fastest._engine import (
    code_excinfo as _excinfo,
    code_formatter as _formatter,
    code_frames as _frames,
    code_reprs as _reprs,
    code_traceback as _traceback,
)

from .source import Source, findsource, getrawcode, getstatementrange_ast

Code = _frames.Code
Frame = _frames.Frame
getfslineno = _frames.getfslineno

TracebackEntry = _traceback.TracebackEntry
Traceback = _traceback.Traceback
filter_traceback = _traceback.filter_traceback
filter_excinfo_traceback = _traceback.filter_excinfo_traceback

stringify_exception = _excinfo.stringify_exception
ExceptionInfo = _excinfo.ExceptionInfo

ExceptionInfoFormatter = _formatter.ExceptionInfoFormatter
_filter_tracebackexception = _formatter._filter_tracebackexception

TerminalRepr = _reprs.TerminalRepr
ExceptionRepr = _reprs.ExceptionRepr
ExceptionChainRepr = _reprs.ExceptionChainRepr
ReprExceptionInfo = _reprs.ReprExceptionInfo
ReprTraceback = _reprs.ReprTraceback
ReprTracebackNative = _reprs.ReprTracebackNative
ReprEntryNative = _reprs.ReprEntryNative
ReprEntry = _reprs.ReprEntry
ReprFileLocation = _reprs.ReprFileLocation
ReprLocals = _reprs.ReprLocals
ReprFuncArgs = _reprs.ReprFuncArgs


def __getattr__(name):
    """Names for annotations, made when somebody asks."""
    if name == "TracebackStyle":
        from typing import Literal

        return Literal["long", "short", "line", "no", "native", "value", "auto"]
    if name == "EXCEPTION_OR_MORE":
        return type[BaseException] | tuple[type[BaseException], ...]
    if name == "TracebackFilter":
        from collections.abc import Callable

        return bool | Callable[[ExceptionInfo[BaseException]], Traceback]
    if name == "E":
        from typing import TypeVar

        return TypeVar("E", bound=BaseException, covariant=True)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
