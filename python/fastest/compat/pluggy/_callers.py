"""Old name of `pluggy._execution`."""

from fastest._engine import elsewhere as _elsewhere

from ._execution import _multicall as _multicall
from ._execution import _raise_wrapfail as _raise_wrapfail
from ._execution import _warn_teardown_exception as _warn_teardown_exception
from ._execution import run_old_style_hookwrapper as run_old_style_hookwrapper

__all__ = ["Teardown", "_multicall", "_raise_wrapfail", "_warn_teardown_exception", "run_old_style_hookwrapper"]
__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)
