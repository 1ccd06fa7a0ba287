"""Errors of the command line."""

from fastest._engine import config_exceptions as _engine
from fastest._engine import elsewhere as _elsewhere

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

UsageError = _engine.UsageError
PrintHelp = _engine.PrintHelp
