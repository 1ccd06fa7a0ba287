"""Match expressions, as given to ``-k`` and ``-m``."""

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import mark_expression as _room

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

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
