"""Tagged tracing."""

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import pluggy_tracing as _room

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

TagTracer = _room.TagTracer
TagTracerSub = _room.TagTracerSub
_escape_surrogates = _room._escape_surrogates
_is_plain_token = _room._is_plain_token
_safe_repr = _room._safe_repr
_safe_str = _room._safe_str
