"""Calling the implementations of a hook."""

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import pluggy_execution as _room

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

_multicall = _room._multicall
_raise_wrapfail = _room._raise_wrapfail
_warn_teardown_exception = _room._warn_teardown_exception
run_old_style_hookwrapper = _room.run_old_style_hookwrapper
