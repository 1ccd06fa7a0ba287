import ast
from ast import keyword
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from types import CodeType
from typing import Final, Literal, NoReturn, Protocol, final, overload

BUILTIN_MATCHERS: dict[str, bool | None]
FILE_NAME: Final = "<pytest match expression>"
IDENT_PREFIX = "$"

@final
class Expression:
    input: Final[str]
    _code: Final[CodeType]
    _idents: Final[frozenset[str]]
    def __init__(self, input: str, code: CodeType, idents: frozenset[str]) -> None: ...
    @classmethod
    def compile(cls, input: str) -> Expression: ...
    def evaluate(self, matcher: ExpressionMatcher) -> bool: ...
    def idents(self) -> frozenset[str]: ...

class ExpressionMatcher(Protocol):
    def __call__(self, name: str, /, **kwargs: str | int | bool | None) -> bool: ...

class MatcherAdapter(Mapping[str, MatcherNameAdapter]):
    matcher: ExpressionMatcher
    def __init__(self, matcher: ExpressionMatcher) -> None: ...
    def __getitem__(self, key: str) -> MatcherNameAdapter: ...
    def __iter__(self) -> Iterator[str]: ...
    def __len__(self) -> int: ...

@dataclass
class MatcherNameAdapter:
    matcher: ExpressionMatcher
    name: str
    def __bool__(self) -> bool: ...
    def __call__(self, **kwargs: str | int | bool | None) -> bool: ...

class Scanner:
    current: Token
    idents: set[str]
    input: str
    tokens: Iterator[Token]
    def __init__(self, input: str) -> None: ...
    @overload
    def accept(self, type: TokenType, *, reject: Literal[True]) -> Token: ...
    @overload
    def accept(self, type: TokenType, *, reject: Literal[False] = False) -> Token | None: ...
    def lex(self, input: str) -> Iterator[Token]: ...
    def reject(self, expected: Sequence[TokenType]) -> NoReturn: ...

@dataclass(frozen=True)
class Token:
    type: TokenType
    value: str
    pos: int

class TokenType(Enum):
    LPAREN = "left parenthesis"
    RPAREN = "right parenthesis"
    OR = "or"
    AND = "and"
    NOT = "not"
    IDENT = "identifier"
    EOF = "end of input"
    EQUAL = "="
    STRING = "string literal"
    COMMA = ","

def all_kwargs(s: Scanner) -> list[keyword]: ...
def and_expr(s: Scanner) -> ast.expr: ...
def expr(s: Scanner) -> ast.expr: ...
def expression(s: Scanner) -> tuple[ast.Expression, frozenset[str]]: ...
def not_expr(s: Scanner) -> ast.expr: ...
def single_kwarg(s: Scanner) -> keyword: ...

__all__ = ["Expression", "ExpressionMatcher"]
