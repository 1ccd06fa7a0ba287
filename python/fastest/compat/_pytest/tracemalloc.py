"""Tells where objects were allocated. The engine's `tracemalloc`."""

from fastest._engine import tracemalloc as _tracemalloc

tracemalloc_message = _tracemalloc.tracemalloc_message
