from dataclasses import dataclass, field
from datetime import datetime
from time import perf_counter as perf_counter, sleep as sleep, time as time

from _pytest.monkeypatch import MonkeyPatch as MonkeyPatch

@dataclass(frozen=True)
class Duration:
    start: Instant
    stop: Instant
    @property
    def seconds(self) -> float: ...

@dataclass(frozen=True)
class Instant:
    time: float = field(default_factory=float, init=False)
    perf_count: float = field(default_factory=float, init=False)
    def as_utc(self) -> datetime: ...
    def elapsed(self) -> Duration: ...

@dataclass
class MockTiming:
    _current_time: float = 1590157250.0
    def patch(self, monkeypatch: MonkeyPatch) -> None: ...
    def sleep(self, seconds: float) -> None: ...
    def time(self) -> float: ...

__all__ = ["perf_counter", "sleep", "time"]
