"""Recording and expecting warnings."""

from __future__ import annotations

import warnings

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import recwarn as _room

from _pytest.fixtures import fixture

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

WarningsChecker = _room.WarningsChecker
WarningsRecorder = _room.WarningsRecorder
deprecated_call = _room.deprecated_call
warns = _room.warns


@fixture
def recwarn() -> Generator[WarningsRecorder]:
    """Return a :class:`WarningsRecorder` instance that records all warnings emitted by test functions."""
    recorder = WarningsRecorder(_ispytest=True)
    with recorder:
        warnings.simplefilter("default")
        yield recorder
