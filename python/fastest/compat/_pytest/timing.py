"""The clocks that pytest uses: replace these names to mock time.

`fixture "mock_timing"` of pytest's own test suite and plugins patch `time`, `sleep` and `perf_counter` here.
"""

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import timing as _engine

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

perf_counter = _engine.perf_counter
sleep = _engine.sleep
time = _engine.time

Instant = _engine.Instant
Duration = _engine.Duration
MockTiming = _engine.MockTiming

__all__ = ["perf_counter", "sleep", "time"]
