"""The warning categories of pytest."""

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import warning_types as _engine

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

PytestWarning = _engine.PytestWarning
PytestAssertRewriteWarning = _engine.PytestAssertRewriteWarning
PytestCacheWarning = _engine.PytestCacheWarning
PytestConfigWarning = _engine.PytestConfigWarning
PytestCollectionWarning = _engine.PytestCollectionWarning
PytestDeprecationWarning = _engine.PytestDeprecationWarning
PytestRemovedIn10Warning = _engine.PytestRemovedIn10Warning
PytestExperimentalApiWarning = _engine.PytestExperimentalApiWarning
PytestReturnNotNoneWarning = _engine.PytestReturnNotNoneWarning
PytestUnknownMarkWarning = _engine.PytestUnknownMarkWarning
PytestUnraisableExceptionWarning = _engine.PytestUnraisableExceptionWarning
PytestUnhandledThreadExceptionWarning = _engine.PytestUnhandledThreadExceptionWarning
PytestApproxDecimalToleranceWarning = _engine.PytestApproxDecimalToleranceWarning
PytestFDWarning = _engine.PytestFDWarning
UnformattedWarning = _engine.UnformattedWarning
warn_explicit_for = _engine.warn_explicit_for
