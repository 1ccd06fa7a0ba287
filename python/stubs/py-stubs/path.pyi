from typing import Any, TypeAlias

local: TypeAlias = Any

def __getattr__(name: str) -> Any: ...
