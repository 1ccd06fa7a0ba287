from abc import ABC, ABCMeta, abstractmethod
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from functools import cached_property, lru_cache
from os import PathLike
from pathlib import Path
from typing import Any, NoReturn, TypeVar, overload

import _pytest as _pytest
import pluggy as pluggy
from _pytest._code.code import ExceptionInfo as ExceptionInfo
from _pytest._code.code import TerminalRepr as TerminalRepr
from _pytest._code.code import Traceback as Traceback
from _pytest._code.code import TracebackStyle
from _pytest.config import Config as Config
from _pytest.config import ConftestImportFailure as ConftestImportFailure
from _pytest.main import Session as Session
from _pytest.mark.structures import Mark as Mark
from _pytest.mark.structures import MarkDecorator as MarkDecorator
from _pytest.mark.structures import NodeKeywords as NodeKeywords
from _pytest.nodeid import NodeId as NodeId
from _pytest.stash import Stash as Stash
from _pytest.warning_types import PytestWarning as PytestWarning
from pluggy._caller import HookRelay
from typing_extensions import Self

_NodeType = TypeVar("_NodeType", bound=Node)
_T = TypeVar("_T")

SEP: str
tracebackcutdir: Path

class Node(ABC, metaclass=NodeMeta):
    config: Config
    extra_keyword_matches: set[str]
    fspath: Any
    keywords: MutableMapping[str, Any]
    name: str
    own_markers: list[Mark]
    parent: Collector | None
    path: Path
    session: Session
    stash: Stash
    _id: NodeId
    _store: Stash
    def __init__(
        self,
        name: str,
        parent: Collector | None = None,
        config: Config | None = None,
        session: Session | None = None,
        fspath: None = None,
        path: Path | None = None,
        nodeid: NodeId | str | None = None,
    ) -> None: ...
    @property
    def id(self) -> NodeId: ...
    @property
    def ihook(self) -> HookRelay: ...
    @property
    def nodeid(self) -> str: ...
    def add_marker(self, marker: str | MarkDecorator, append: bool = True) -> None: ...
    def addfinalizer(self, fin: Callable[[], object]) -> None: ...
    @classmethod
    def from_parent(cls, parent: Collector, **kw) -> Self: ...
    @overload
    def get_closest_marker(self, name: str) -> Mark | None: ...
    @overload
    def get_closest_marker(self, name: str, default: Mark | MarkDecorator) -> Mark: ...
    def getparent(self, cls: type[_NodeType]) -> _NodeType | None: ...
    def iter_markers(self, name: str | None = None) -> Iterator[Mark]: ...
    def iter_markers_with_node(self, name: str | None = None) -> Iterator[tuple[Node, Mark]]: ...
    def iter_parents(self) -> Iterator[Node]: ...
    def listchain(self) -> list[Node]: ...
    def listextrakeywords(self) -> set[str]: ...
    def listnames(self) -> list[str]: ...
    def repr_failure(self, excinfo: ExceptionInfo[BaseException], style: TracebackStyle | None = None) -> str | TerminalRepr: ...
    def setup(self) -> None: ...
    def teardown(self) -> None: ...
    def warn(self, warning: Warning) -> None: ...
    def __repr__(self) -> str: ...
    def _repr_failure_py(self, excinfo: ExceptionInfo[BaseException], style: TracebackStyle | None = None) -> TerminalRepr: ...
    def _traceback_filter(self, excinfo: ExceptionInfo[BaseException]) -> Traceback: ...

class Collector(Node, ABC):
    class CollectError(Exception): ...

    @abstractmethod
    def collect(self) -> Iterable[Item | Collector]: ...
    def repr_failure(self, excinfo: ExceptionInfo[BaseException]) -> str | TerminalRepr: ...  # type: ignore[override]
    def _traceback_filter(self, excinfo: ExceptionInfo[BaseException]) -> Traceback: ...

class FSCollector(Collector, ABC):  # type: ignore[misc]
    def __init__(
        self,
        fspath: None = None,
        path_or_parent: Path | Node | None = None,
        path: Path | None = None,
        name: str | None = None,
        parent: Collector | None = None,
        config: Config | None = None,
        session: Session | None = None,
        nodeid: NodeId | None = None,
    ) -> None: ...
    @classmethod
    def from_parent(cls, parent, *, fspath: None = None, path: Path | None = None, **kw) -> Self: ...

class Directory(FSCollector, ABC): ...  # type: ignore[misc]
class File(FSCollector, ABC): ...  # type: ignore[misc]

class Item(Node, ABC):
    nextitem: None
    user_properties: list[tuple[str, object]]
    _report_sections: list[tuple[str, str, str]]
    def __init__(self, name, parent=None, config: Config | None = None, session: Session | None = None, nodeid: NodeId | str | None = None, **kw) -> None: ...
    @cached_property
    def location(self) -> tuple[str, int | None, str]: ...
    def add_report_section(self, when: str, key: str, content: str) -> None: ...
    def reportinfo(self) -> tuple[PathLike[str] | str, int | None, str]: ...
    @abstractmethod
    def runtest(self) -> None: ...
    def _check_item_and_collector_diamond_inheritance(self) -> None: ...

class NodeMeta(ABCMeta):
    def __call__(cls, *k, **kw) -> NoReturn: ...
    def _create(cls: type[_T], *k, **kw) -> _T: ...

@lru_cache
def _check_initialpaths_for_relpath(initial_paths: frozenset[Path], path: Path) -> str | None: ...
def get_fslocation_from_item(node: Node) -> tuple[str | Path, int | None]: ...
def norm_sep(path: str | PathLike[str]) -> str: ...
