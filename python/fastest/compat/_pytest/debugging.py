"""Enters debuggers. The engine's `debugging`."""

from fastest._engine import debugging as _debugging
from fastest._engine import elsewhere as _elsewhere

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

PdbInvoke = _debugging.PdbInvoke
PdbTrace = _debugging.PdbTrace
_enter_pdb = _debugging._enter_pdb
_postmortem_exc_or_tb = _debugging._postmortem_exc_or_tb
_validate_usepdb_cls = _debugging._validate_usepdb_cls
maybe_wrap_pytest_function_for_tracing = _debugging.maybe_wrap_pytest_function_for_tracing
post_mortem = _debugging.post_mortem
pytestPDB = _debugging.pytestPDB
pytest_addoption = _debugging.pytest_addoption
pytest_configure = _debugging.pytest_configure
wrap_pytest_function_for_tracing = _debugging.wrap_pytest_function_for_tracing
