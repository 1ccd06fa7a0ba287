"""Tagged tracing."""

from fastest._engine import pluggy_tracing as _room

TagTracer = _room.TagTracer
TagTracerSub = _room.TagTracerSub
