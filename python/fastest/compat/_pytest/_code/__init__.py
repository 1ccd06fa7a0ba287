"""Python inspection and code generation helpers of `_pytest`."""

from .code import (
    Code,
    ExceptionInfo,
    Frame,
    Traceback,
    TracebackEntry,
    filter_traceback,
    getfslineno,
)
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
