"""What pytest's support of Twisted calls."""

from enum import Enum, auto

from fastest._engine import unittest as _room


class TwistedVersion(Enum):
    """The kinds of Twisted that are told apart."""

    Version24 = auto()
    Version25 = auto()
    NotInstalled = auto()


def _get_twisted_version():
    """The kind of Twisted in use: not installed as long as nothing has imported `twisted.trial.unittest`."""
    major = _room._twisted_major()
    if not major:
        return TwistedVersion.NotInstalled
    return TwistedVersion.Version24 if major <= 24 else TwistedVersion.Version25


def _handle_twisted_exc_info(rawexcinfo):
    """What `addError()` was given, as `sys.exc_info()` would give it."""
    return _room._unwrap_failure(rawexcinfo)
