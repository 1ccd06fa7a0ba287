"""A pretty-printer that puts every element on a line of its own."""

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import pprint as _room

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

PrettyPrinter = _room.PrettyPrinter
_recursion = _room._recursion
_safe_key = _room._safe_key
_safe_tuple = _room._safe_tuple
_wrap_bytes_repr = _room._wrap_bytes_repr
