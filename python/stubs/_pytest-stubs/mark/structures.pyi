from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Literal, NamedTuple, TypeAlias, TypeVar, final, overload

from _pytest.compat import NotSetType as NotSetType
from _pytest.config import Config as Config
from _pytest.nodes import Collector, Node as Node
from _pytest.raises import AbstractRaises as AbstractRaises
from _pytest.scope import ScopeName
from _pytest.warning_types import PytestCollectionWarning as PytestCollectionWarning, PytestUnknownMarkWarning as PytestUnknownMarkWarning

Markable = TypeVar("Markable", bound=Callable[..., object] | type)

_EmptyParameterSetMark: TypeAlias = Literal["skip", "xfail", "fail_at_collect"]

EMPTY_PARAMETERSET_OPTION = "empty_parameter_set_mark"
HIDDEN_PARAM: _HiddenParam
MARK_GEN: MarkGenerator

@dataclass
class MarkDecorator:
    mark: Mark
    def __init__(self, mark: Mark, *, _ispytest: bool = False) -> None: ...
    @property
    def args(self) -> tuple[Any, ...]: ...
    @property
    def kwargs(self) -> Mapping[str, Any]: ...
    @property
    def markname(self) -> str: ...
    @property
    def name(self) -> str: ...
    def with_args(self, *args: object, **kwargs: object) -> MarkDecorator: ...
    @overload
    def __call__(self, arg: Markable) -> Markable: ...  # type: ignore[overload-overlap]
    @overload
    def __call__(self, *args: object, **kwargs: object) -> MarkDecorator: ...

class _FilterwarningsMarkDecorator(MarkDecorator):
    def __call__(self, *filters: str) -> MarkDecorator: ...  # type: ignore[override]

class _HiddenParam(Enum):
    token = 0

@final
@dataclass(frozen=True)
class Mark:
    name: str
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    _param_ids_from: Mark | None = field(default=None, repr=False)
    _param_ids_generated: Sequence[str] | None = field(default=None, repr=False)
    def __init__(
        self,
        name: str,
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
        param_ids_from: Mark | None = None,
        param_ids_generated: Sequence[str] | None = None,
        *,
        _ispytest: bool = False,
    ) -> None: ...
    def combined_with(self, other: Mark) -> Mark: ...
    def _has_param_ids(self) -> bool: ...

@final
class MarkGenerator:
    filterwarnings: _FilterwarningsMarkDecorator
    parametrize: _ParametrizeMarkDecorator
    skip: _SkipMarkDecorator
    skipif: _SkipifMarkDecorator
    usefixtures: _UsefixturesMarkDecorator
    xfail: _XfailMarkDecorator
    _config: Config | None
    _markers: set[str]
    def __init__(self, *, _ispytest: bool = False) -> None: ...
    def __getattr__(self, name: str) -> MarkDecorator: ...

@final
class NodeKeywords(MutableMapping[str, Any]):
    node: Node
    parent: Collector | None
    _markers: dict[str, bool]
    def __init__(self, node: Node) -> None: ...
    def update(self, other: Mapping[str, Any] | Iterable[tuple[str, Any]] = (), **kwds: Any) -> None: ...  # type: ignore[override]
    def __contains__(self, key: object) -> bool: ...
    def __delitem__(self, key: str) -> None: ...
    def __getitem__(self, key: str) -> Any: ...
    def __iter__(self) -> Iterator[str]: ...
    def __len__(self) -> int: ...
    def __repr__(self) -> str: ...
    def __setitem__(self, key: str, value: Any) -> None: ...

class ParameterSet(NamedTuple):
    values: Sequence[object | NotSetType]
    marks: Collection[MarkDecorator | Mark]
    id: str | _HiddenParam | None
    @classmethod
    def extract_from(cls, parameterset: ParameterSet | Sequence[object] | object, force_tuple: bool = False) -> ParameterSet: ...
    @classmethod
    def param(cls, *values: object, marks: MarkDecorator | Collection[MarkDecorator | Mark] = (), id: str | _HiddenParam | None = None) -> ParameterSet: ...
    @classmethod
    def _for_parametrize(
        cls, argnames: str | Sequence[str], argvalues: Iterable[ParameterSet | Sequence[object] | object], func, config: Config, nodeid: str
    ) -> tuple[Sequence[str], list[ParameterSet]]: ...
    @staticmethod
    def _parse_parametrize_args(
        argnames: str | Sequence[str], argvalues: Iterable[ParameterSet | Sequence[object] | object], *args, **kwargs
    ) -> tuple[Sequence[str], bool]: ...
    @staticmethod
    def _parse_parametrize_parameters(argvalues: Iterable[ParameterSet | Sequence[object] | object], force_tuple: bool) -> list[ParameterSet]: ...

class _ParametrizeMarkDecorator(MarkDecorator):
    def __call__(  # type: ignore[override]
        self,
        argnames: str | Sequence[str],
        argvalues: Iterable[ParameterSet | Sequence[object] | object],
        *,
        indirect: bool | Sequence[str] = ...,
        ids: Iterable[str | float | int | bool | _HiddenParam | None] | Callable[[Any], object | None] | None = ...,
        scope: ScopeName | None = ...,
    ) -> MarkDecorator: ...

class _SkipifMarkDecorator(MarkDecorator):
    def __call__(self, condition: str | bool = ..., *conditions: str | bool, reason: str = ...) -> MarkDecorator: ...  # type: ignore[override]

class _SkipMarkDecorator(MarkDecorator):
    @overload  # type: ignore[override]
    def __call__(self, arg: Markable) -> Markable: ...
    @overload
    def __call__(self, reason: str = ...) -> MarkDecorator: ...

class _UsefixturesMarkDecorator(MarkDecorator):
    def __call__(self, *fixtures: str) -> MarkDecorator: ...  # type: ignore[override]

class _XfailMarkDecorator(MarkDecorator):
    @overload  # type: ignore[override]
    def __call__(self, arg: Markable) -> Markable: ...
    @overload
    def __call__(
        self,
        condition: str | bool = True,
        *conditions: str | bool,
        reason: str = ...,
        run: bool = ...,
        raises: type[BaseException] | tuple[type[BaseException], ...] | AbstractRaises[BaseException] | None = ...,
        strict: bool = ...,
    ) -> MarkDecorator: ...

def get_empty_parameterset_mark(config: Config, argnames: Sequence[str], func) -> MarkDecorator: ...
def get_unpacked_marks(obj: object | type, *, consider_mro: bool = True) -> list[Mark]: ...
def istestfunc(func) -> bool: ...
def normalize_mark_list(mark_list: Iterable[Mark | MarkDecorator]) -> Iterable[Mark]: ...
def store_mark(obj, mark: Mark) -> None: ...
