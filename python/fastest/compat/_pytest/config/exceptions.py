"""Errors of the command line."""

from fastest._engine import config_exceptions as _engine

UsageError = _engine.UsageError
PrintHelp = _engine.PrintHelp
