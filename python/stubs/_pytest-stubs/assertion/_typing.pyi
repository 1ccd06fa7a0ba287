from dataclasses import dataclass, field
from typing import ClassVar, Literal, Protocol, TypeAlias

_AssertionTextDiffStyle: TypeAlias = Literal["ndiff", "block"]

NO_TRUNCATION_BUDGET: TruncationBudget

class _HighlightFunc(Protocol):
    def __call__(self, source: str, lexer: Literal["diff", "python"] = "python") -> str: ...

@dataclass(frozen=True)
class TruncationBudget:
    max_lines: int = field(default=8, kw_only=True)
    max_chars: int = field(default=640, kw_only=True)
    DEFAULT_MAX_CHARS: ClassVar[int]
    DEFAULT_MAX_LINES: ClassVar[int]
