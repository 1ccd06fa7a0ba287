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
__dir__ = _elsewhere.names(__name__, " ".join(_PLACES))


def __getattr__(name):
    if name not in _PLACES:
        return _elsewhere.find(__name__, name, " ".join(_PLACES))
    from fastest import _engine

    return globals().setdefault(name, getattr(getattr(_engine, _PLACES[name]), name))
