from _pytest._code.code import (
    Code as Code,
    ExceptionInfo as ExceptionInfo,
    Frame as Frame,
    Traceback as Traceback,
    TracebackEntry as TracebackEntry,
    filter_traceback as filter_traceback,
    getfslineno as getfslineno,
)
from _pytest._code.source import Source as Source, getrawcode as getrawcode

__all__ = ["Code", "ExceptionInfo", "Frame", "Source", "Traceback", "TracebackEntry", "filter_traceback", "getfslineno", "getrawcode"]
