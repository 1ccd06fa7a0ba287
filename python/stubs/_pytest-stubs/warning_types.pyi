from dataclasses import dataclass
from types import FunctionType
from typing import Any, Generic, TypeVar, final

_W = TypeVar("_W", bound=PytestWarning)

class PytestWarning(UserWarning): ...

@final
class PytestApproxDecimalToleranceWarning(PytestWarning): ...

@final
class PytestAssertRewriteWarning(PytestWarning): ...

@final
class PytestCacheWarning(PytestWarning): ...

@final
class PytestCollectionWarning(PytestWarning): ...

@final
class PytestConfigWarning(PytestWarning): ...

class PytestDeprecationWarning(PytestWarning, DeprecationWarning): ...

@final
class PytestExperimentalApiWarning(PytestWarning, FutureWarning):
    @classmethod
    def simple(cls, apiname: str) -> PytestExperimentalApiWarning: ...

@final
class PytestFDWarning(PytestWarning): ...

class PytestRemovedIn10Warning(PytestDeprecationWarning): ...

@final
class PytestReturnNotNoneWarning(PytestWarning): ...

@final
class PytestUnhandledThreadExceptionWarning(PytestWarning): ...

@final
class PytestUnknownMarkWarning(PytestWarning): ...

@final
class PytestUnraisableExceptionWarning(PytestWarning): ...

@final
@dataclass
class UnformattedWarning(Generic[_W]):
    category: type[_W]
    template: str
    def format(self, **kwargs: Any) -> _W: ...

def warn_explicit_for(method: FunctionType, message: PytestWarning) -> None: ...
