"""The clocks that pytest uses: replace these names to mock time.

`fixture "mock_timing"` of pytest's own test suite and plugins patch `time`, `sleep` and `perf_counter` here.
"""

from time import perf_counter
from time import sleep
from time import time

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import timing as _engine

__getattr__ = _elsewhere.of(__name__)

Instant = _engine.Instant
Duration = _engine.Duration
MockTiming = _engine.MockTiming

__all__ = ["perf_counter", "sleep", "time"]
