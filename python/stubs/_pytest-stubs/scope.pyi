from enum import Enum
from typing import Literal, TypeAlias

ScopeName: TypeAlias = Literal["session", "package", "module", "class", "function"]

HIGH_SCOPES: list[Literal[Scope.Class, Scope.Module, Scope.Package, Scope.Session]]
_ALL_SCOPES: list[Scope]
_SCOPE_INDICES: dict[Scope, int]

class Scope(Enum):
    Function = "function"
    Class = "class"
    Module = "module"
    Package = "package"
    Session = "session"
    @classmethod
    def from_user(cls, scope_name: ScopeName, descr: str, where: str | None = None) -> Scope: ...
    def next_higher(self) -> Scope: ...
    def next_lower(self) -> Scope: ...
    def __lt__(self, other: Scope) -> bool: ...
