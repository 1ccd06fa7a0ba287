# PYTHON_ARGCOMPLETE_OK
"""pytest: unit and functional testing with Python."""

from _pytest import __version__
from _pytest import version_tuple
from fastest._engine import public_names as _engine

__all__ = list(_engine.names)


def __getattr__(name):
    value = _engine.resolve(name)
    return globals().setdefault(name, value)


def __dir__():
    return sorted({*globals(), *__all__} - {"_engine"})
