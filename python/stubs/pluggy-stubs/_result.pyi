from collections.abc import Callable
from types import TracebackType
from typing import Generic, TypeAlias, TypeVar, final

ResultType = TypeVar("ResultType")

_ExcInfo: TypeAlias = tuple[type[BaseException], BaseException, TracebackType | None]

class HookCallError(Exception): ...

@final
class Result(Generic[ResultType]):
    _exception: BaseException | None
    _result: ResultType | None
    _traceback: TracebackType | None
    def __init__(self, result: ResultType | None, exception: BaseException | None) -> None: ...
    @property
    def exception(self) -> BaseException | None: ...
    @property
    def excinfo(self) -> _ExcInfo | None: ...
    def force_exception(self, exception: BaseException) -> None: ...
    def force_result(self, result: ResultType) -> None: ...
    @classmethod
    def from_call(cls, func: Callable[[], ResultType]) -> Result[ResultType]: ...
    def get_result(self) -> ResultType: ...

_Result = Result
