"""Tagged tracing."""

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import pluggy_tracing as _room

__getattr__ = _elsewhere.of(__name__)

TagTracer = _room.TagTracer
TagTracerSub = _room.TagTracerSub
