import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from re import Pattern
from types import GenericAlias, TracebackType
from typing import Generic, Literal, ParamSpec, TypeGuard, final, overload

from _pytest._code.code import ExceptionInfo as ExceptionInfo
from _pytest.warning_types import PytestWarning as PytestWarning
from typing_extensions import TypeVar

if sys.version_info < (3, 11):
    from exceptiongroup import BaseExceptionGroup, ExceptionGroup

BaseExcT_1 = TypeVar("BaseExcT_1", bound=BaseException)
BaseExcT_2 = TypeVar("BaseExcT_2", bound=BaseException)
BaseExcT_co = TypeVar("BaseExcT_co", bound=BaseException, covariant=True)
BaseExcT_co_default = TypeVar("BaseExcT_co_default", bound=BaseException, covariant=True, default=BaseException)
E = TypeVar("E", bound=BaseException, default=BaseException)
ExcT_1 = TypeVar("ExcT_1", bound=Exception)
ExcT_2 = TypeVar("ExcT_2", bound=Exception)
P = ParamSpec("P")

_REGEX_NO_FLAGS = 32

class AbstractRaises(ABC, Generic[BaseExcT_co]):
    check: Callable[[BaseExcT_co], bool] | None
    is_baseexception: bool
    match: Pattern[str] | None
    rawmatch: str | None
    _fail_reason: str | None
    _nested: bool
    def __init__(self, *, match: str | Pattern[str] | None, check: Callable[[BaseExcT_co], bool] | None) -> None: ...
    @property
    def fail_reason(self) -> str | None: ...
    @abstractmethod
    def matches(self: AbstractRaises[BaseExcT_1], exception: BaseException) -> TypeGuard[BaseExcT_1]: ...
    def _check_check(self: AbstractRaises[BaseExcT_1], exception: BaseExcT_1) -> bool: ...
    def _check_match(self, e: BaseException) -> bool: ...
    def _parse_exc(self, exc: type[BaseExcT_1] | GenericAlias, expected: str) -> type[BaseExcT_1]: ...

@final
class NotChecked: ...

@final
class RaisesExc(AbstractRaises[BaseExcT_co_default]):
    excinfo: ExceptionInfo[BaseExcT_co_default]
    expected_exceptions: tuple[type[BaseExcT_co_default], ...]
    _just_propagate: bool
    @overload
    def __init__(
        self,
        expected_exception: type[BaseExcT_co_default] | tuple[type[BaseExcT_co_default], ...],
        /,
        *,
        match: str | Pattern[str] | None = ...,
        check: Callable[[BaseExcT_co_default], bool] | None = ...,
    ) -> None: ...
    @overload
    def __init__(self: RaisesExc[BaseException], /, *, match: str | Pattern[str] | None, check: Callable[[BaseException], bool] | None = ...) -> None: ...
    @overload
    def __init__(self, /, *, check: Callable[[BaseException], bool]) -> None: ...
    def matches(self, exception: BaseException | None) -> TypeGuard[BaseExcT_co_default]: ...
    def __enter__(self) -> ExceptionInfo[BaseExcT_co_default]: ...
    def __exit__(self, exc_type: type[BaseException] | None, exc_val: BaseException | None, exc_tb: TracebackType | None) -> bool: ...
    def __repr__(self) -> str: ...
    def _check_type(self, exception: BaseException) -> TypeGuard[BaseExcT_co_default]: ...

@final
class RaisesGroup(AbstractRaises[BaseExceptionGroup[BaseExcT_co]]):
    allow_unwrapped: bool
    excinfo: ExceptionInfo[BaseExceptionGroup[BaseExcT_co]]
    expected_exceptions: tuple[type[BaseExcT_co] | RaisesExc[BaseExcT_co] | RaisesGroup[BaseException], ...]
    flatten_subgroups: bool
    @overload
    def __init__(
        self, expected_exception: type[BaseExcT_co] | RaisesExc[BaseExcT_co], /, *, allow_unwrapped: Literal[True], flatten_subgroups: bool = ...
    ) -> None: ...
    @overload
    def __init__(
        self,
        expected_exception: type[BaseExcT_co] | RaisesExc[BaseExcT_co],
        /,
        *other_exceptions: type[BaseExcT_co] | RaisesExc[BaseExcT_co],
        flatten_subgroups: Literal[True],
        match: str | Pattern[str] | None = ...,
        check: Callable[[BaseExceptionGroup[BaseExcT_co]], bool] | None = ...,
    ) -> None: ...
    @overload
    def __init__(
        self: RaisesGroup[ExcT_1],
        expected_exception: type[ExcT_1] | RaisesExc[ExcT_1],
        /,
        *other_exceptions: type[ExcT_1] | RaisesExc[ExcT_1],
        match: str | Pattern[str] | None = ...,
        check: Callable[[ExceptionGroup[ExcT_1]], bool] | None = ...,
    ) -> None: ...
    @overload
    def __init__(
        self: RaisesGroup[ExceptionGroup[ExcT_2]],
        expected_exception: RaisesGroup[ExcT_2],
        /,
        *other_exceptions: RaisesGroup[ExcT_2],
        match: str | Pattern[str] | None = ...,
        check: Callable[[ExceptionGroup[ExceptionGroup[ExcT_2]]], bool] | None = ...,
    ) -> None: ...
    @overload
    def __init__(
        self: RaisesGroup[ExcT_1 | ExceptionGroup[ExcT_2]],
        expected_exception: type[ExcT_1] | RaisesExc[ExcT_1] | RaisesGroup[ExcT_2],
        /,
        *other_exceptions: type[ExcT_1] | RaisesExc[ExcT_1] | RaisesGroup[ExcT_2],
        match: str | Pattern[str] | None = ...,
        check: Callable[[ExceptionGroup[ExcT_1 | ExceptionGroup[ExcT_2]]], bool] | None = ...,
    ) -> None: ...
    @overload
    def __init__(
        self: RaisesGroup[BaseExcT_1],
        expected_exception: type[BaseExcT_1] | RaisesExc[BaseExcT_1],
        /,
        *other_exceptions: type[BaseExcT_1] | RaisesExc[BaseExcT_1],
        match: str | Pattern[str] | None = ...,
        check: Callable[[BaseExceptionGroup[BaseExcT_1]], bool] | None = ...,
    ) -> None: ...
    @overload
    def __init__(
        self: RaisesGroup[BaseExceptionGroup[BaseExcT_2]],
        expected_exception: RaisesGroup[BaseExcT_2],
        /,
        *other_exceptions: RaisesGroup[BaseExcT_2],
        match: str | Pattern[str] | None = ...,
        check: Callable[[BaseExceptionGroup[BaseExceptionGroup[BaseExcT_2]]], bool] | None = ...,
    ) -> None: ...
    @overload
    def __init__(
        self: RaisesGroup[BaseExcT_1 | BaseExceptionGroup[BaseExcT_2]],
        expected_exception: type[BaseExcT_1] | RaisesExc[BaseExcT_1] | RaisesGroup[BaseExcT_2],
        /,
        *other_exceptions: type[BaseExcT_1] | RaisesExc[BaseExcT_1] | RaisesGroup[BaseExcT_2],
        match: str | Pattern[str] | None = ...,
        check: Callable[[BaseExceptionGroup[BaseExcT_1 | BaseExceptionGroup[BaseExcT_2]]], bool] | None = ...,
    ) -> None: ...
    def expected_type(self) -> str: ...
    @overload
    def matches(self: RaisesGroup[ExcT_1], exception: BaseException | None) -> TypeGuard[ExceptionGroup[ExcT_1]]: ...
    @overload
    def matches(self: RaisesGroup[BaseExcT_1], exception: BaseException | None) -> TypeGuard[BaseExceptionGroup[BaseExcT_1]]: ...
    @overload
    def __enter__(self: RaisesGroup[ExcT_1]) -> ExceptionInfo[ExceptionGroup[ExcT_1]]: ...
    @overload
    def __enter__(self: RaisesGroup[BaseExcT_1]) -> ExceptionInfo[BaseExceptionGroup[BaseExcT_1]]: ...
    def __exit__(self, exc_type: type[BaseException] | None, exc_val: BaseException | None, exc_tb: TracebackType | None) -> bool: ...
    def __repr__(self) -> str: ...
    @overload
    def _check_exceptions(self: RaisesGroup[ExcT_1], _exception: Exception, actual_exceptions: Sequence[Exception]) -> TypeGuard[ExceptionGroup[ExcT_1]]: ...
    @overload
    def _check_exceptions(
        self: RaisesGroup[BaseExcT_1], _exception: BaseException, actual_exceptions: Sequence[BaseException]
    ) -> TypeGuard[BaseExceptionGroup[BaseExcT_1]]: ...
    @staticmethod
    def _check_expected(expected_type: type[BaseException] | RaisesExc[BaseException] | RaisesGroup[BaseException], exception: BaseException) -> str | None: ...
    def _parse_excgroup(
        self, exc: type[BaseExcT_co] | GenericAlias | RaisesExc[BaseExcT_1] | RaisesGroup[BaseExcT_2], expected: str
    ) -> type[BaseExcT_co] | RaisesExc[BaseExcT_1] | RaisesGroup[BaseExcT_2]: ...
    @staticmethod
    def _repr_expected(e: type[BaseException] | AbstractRaises[BaseException]) -> str: ...
    def _unroll_exceptions(self, exceptions: Sequence[BaseException]) -> Sequence[BaseException]: ...

class ResultHolder:
    results: list[list[str | type[NotChecked] | None]]
    def __init__(self, expected_exceptions: tuple[type[BaseException] | AbstractRaises[BaseException], ...], actual_exceptions: Sequence[BaseException]) -> None: ...
    def get_result(self, expected: int, actual: int) -> str | None: ...
    def has_result(self, expected: int, actual: int) -> bool: ...
    def no_match_for_actual(self, actual: list[int]) -> bool: ...
    def no_match_for_expected(self, expected: list[int]) -> bool: ...
    def set_result(self, expected: int, actual: int, result: str | None) -> None: ...

def _check_raw_type(expected_type: type[BaseException] | tuple[type[BaseException], ...] | None, exception: BaseException) -> str | None: ...
def _exception_type_name(e: type[BaseException] | tuple[type[BaseException], ...]) -> str: ...
def _match_pattern(match: Pattern[str]) -> str | Pattern[str]: ...
def backquote(s: str) -> str: ...
def is_fully_escaped(s: str) -> bool: ...
def possible_match(results: ResultHolder, used: set[int] | None = None) -> bool: ...
@overload
def raises(expected_exception: type[E] | tuple[type[E], ...], *, match: str | Pattern[str] | None = ..., check: Callable[[E], bool] = ...) -> RaisesExc[E]: ...
@overload
def raises(*, match: str | Pattern[str], check: Callable[[BaseException], bool] = ...) -> RaisesExc[BaseException]: ...
@overload
def raises(*, check: Callable[[BaseException], bool]) -> RaisesExc[BaseException]: ...
@overload
def raises(expected_exception: type[E] | tuple[type[E], ...], func: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> ExceptionInfo[E]: ...
def repr_callable(fun: Callable[[BaseExcT_1], bool]) -> str: ...
def unescape(s: str) -> str: ...
