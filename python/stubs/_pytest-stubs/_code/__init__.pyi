from _pytest._code.code import (
    Code as Code,
)
from _pytest._code.code import (
    ExceptionInfo as ExceptionInfo,
)
from _pytest._code.code import (
    Frame as Frame,
)
from _pytest._code.code import (
    Traceback as Traceback,
)
from _pytest._code.code import (
    TracebackEntry as TracebackEntry,
)
from _pytest._code.code import (
    filter_traceback as filter_traceback,
)
from _pytest._code.code import (
    getfslineno as getfslineno,
)
from _pytest._code.source import Source as Source
from _pytest._code.source import getrawcode as getrawcode

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
