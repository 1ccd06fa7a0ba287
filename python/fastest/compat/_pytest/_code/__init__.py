"""Python inspection helpers of `_pytest`."""

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


def __getattr__(name):
    if name != "code" and name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    __import__(f"{__name__}.code")
    if name != "code":
        globals()[name] = getattr(globals()["code"], name)
    return globals()[name]
