"""Expecting exceptions."""

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import raises as _room

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

AbstractRaises = _room.AbstractRaises
RaisesExc = _room.RaisesExc
RaisesGroup = _room.RaisesGroup
_REGEX_NO_FLAGS = _room._REGEX_NO_FLAGS
_check_raw_type = _room._check_raw_type
_exception_type_name = _room._exception_type_name
_match_pattern = _room._match_pattern
backquote = _room.backquote
is_fully_escaped = _room.is_fully_escaped
raises = _room.raises
repr_callable = _room.repr_callable
unescape = _room.unescape
