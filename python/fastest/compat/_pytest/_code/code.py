"""Code, frames, tracebacks, exceptions. Implemented in src/engine/explain/.

Everything here is made when it is first asked for: runs without failures need none of it.
"""

from fastest._engine import elsewhere as _elsewhere

from .source import Source, findsource, getrawcode, getstatementrange_ast

_NATIVE = {
    "code_frames": ("Code", "Frame", "getfslineno"),
    "code_traceback": ("TracebackEntry", "Traceback", "filter_traceback", "filter_excinfo_traceback"),
    "code_excinfo": ("ExceptionInfo", "stringify_exception"),
    "code_formatter": ("ExceptionInfoFormatter", "_filter_tracebackexception"),
    "code_terminal_repr": ("TerminalRepr",),
    "code_reprs": (
        "ExceptionRepr",
        "ExceptionChainRepr",
        "ReprExceptionInfo",
        "ReprTraceback",
        "ReprTracebackNative",
        "ReprEntryNative",
        "ReprEntry",
        "ReprFileLocation",
        "ReprLocals",
        "ReprFuncArgs",
    ),
}
_PLACES = {name: place for place, names in _NATIVE.items() for name in names}


def _typing_name(name):
    """Names for annotations."""
    if name == "TracebackStyle":
        from typing import Literal

        return Literal["long", "short", "line", "no", "native", "value", "auto"]
    if name == "EXCEPTION_OR_MORE":
        return type[BaseException] | tuple[type[BaseException], ...]
    if name == "TracebackFilter":
        from collections.abc import Callable

        from fastest._engine import code_excinfo, code_traceback

        return bool | Callable[[code_excinfo.ExceptionInfo[BaseException]], code_traceback.Traceback]
    if name == "E":
        from typing import TypeVar

        return TypeVar("E", bound=BaseException, covariant=True)
    if name in ("_PYTEST_DIR", "_PLUGGY_DIR"):
        from pathlib import Path

        return Path(__import__("_pytest" if name == "_PYTEST_DIR" else "pluggy").__file__).parent
    return _elsewhere.find(__name__, name)


def __getattr__(name):
    if name in _PLACES:
        from fastest import _engine

        value = getattr(getattr(_engine, _PLACES[name]), name)
    else:
        value = _typing_name(name)
    globals()[name] = value
    return value


def __dir__():
    return sorted(globals().keys() | _PLACES.keys())
