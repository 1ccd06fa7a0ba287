"""Tells where objects were allocated. The engine's `tracemalloc`."""

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import tracemalloc as _tracemalloc

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

tracemalloc_message = _tracemalloc.tracemalloc_message
