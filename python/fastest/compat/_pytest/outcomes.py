"""Exceptions and functions that end a test with an outcome of its own."""

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import outcomes as _room

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

OutcomeException = _room.OutcomeException
TEST_OUTCOME = _room.TEST_OUTCOME
Skipped = _room.Skipped
Failed = _room.Failed
XFailed = _room.XFailed
Exit = _room.Exit
_Skip = _room._Skip
_Fail = _room._Fail
_XFail = _room._XFail
_Exit = _room._Exit
skip = _room.skip
fail = _room.fail
xfail = _room.xfail
exit = _room.exit
importorskip = _room.importorskip
