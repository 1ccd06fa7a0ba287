"""Match expressions, as given to ``-k`` and ``-m``."""

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import mark_expression as _room

BUILTIN_MATCHERS = _room.BUILTIN_MATCHERS
FILE_NAME = _room.FILE_NAME
IDENT_PREFIX = _room.IDENT_PREFIX
Expression = _room.Expression
MatcherAdapter = _room.MatcherAdapter
MatcherNameAdapter = _room.MatcherNameAdapter
Scanner = _room.Scanner
Token = _room.Token
TokenType = _room.TokenType

__all__ = ["Expression", "ExpressionMatcher"]


def __getattr__(name):
    if name == "ExpressionMatcher":
        from typing import Protocol

        class ExpressionMatcher(Protocol):
            """What an expression asks for each of its names."""

            def __call__(self, name: str, /, **kwargs: "str | int | bool | None") -> bool: ...

        globals()[name] = ExpressionMatcher
        return ExpressionMatcher
    return _elsewhere.find(__name__, name)
