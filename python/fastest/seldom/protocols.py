"""Protocols: callables that pytest's own functions take."""

from typing import Literal, Protocol


class ExpressionMatcher(Protocol):
    """What an expression asks for each of its names."""

    def __call__(self, name: str, /, **kwargs: "str | int | bool | None") -> bool: ...


class _HighlightFunc(Protocol):
    """Colours source text for the terminal."""

    def __call__(self, source: str, lexer: "Literal['diff', 'python']" = "python") -> str:
        """The text with colours."""
