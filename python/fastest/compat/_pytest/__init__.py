"""The modules behind `pytest`, under the names that plugins know."""

from fastest.facade import put_other_modules

put_other_modules()
del put_other_modules

from _pytest._version import version as __version__
from _pytest._version import version_tuple

__all__ = ["__version__", "version_tuple"]

# Importing pytest loads these.
_LOADED_BY_PYTEST = frozenset(
    "_argcomplete _code _io _py approx assertion cacheprovider capture compat config debugging deprecated doctest "
    "faulthandler fixtures freeze_support helpconfig hookspec junitxml legacypath logging main mark monkeypatch nodeid "
    "nodes outcomes pastebin pathlib pytester python raises recwarn reports runner scope setuponly setupplan skipping "
    "stash stepwise subtests terminal threadexception timing tmpdir tracemalloc unittest unraisableexception "
    "warning_types warnings".split()
)


def __getattr__(name):
    import sys

    if name in _LOADED_BY_PYTEST and "pytest" in sys.modules:
        from importlib import import_module

        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
