"""Python inspection helpers of `_pytest`."""

from fastest._engine import elsewhere as _elsewhere

from .source import Source, getrawcode

__all__ = [
    "Code",
    "ExceptionInfo",
    "Frame",
    "Source",
    "Traceback",
    "TracebackEntry",
    "filter_traceback",
    "getfslineno",
    "getrawcode",
]
__dir__ = _elsewhere.names(__name__, "code " + " ".join(__all__))


def __getattr__(name):
    if name != "code" and name not in __all__:
        return _elsewhere.find(__name__, name)
    __import__(f"{__name__}.code")
    if name != "code":
        globals()[name] = getattr(globals()["code"], name)
    return globals()[name]
