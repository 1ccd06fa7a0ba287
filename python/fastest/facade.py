"""Makes `pytest`, `_pytest`, `pluggy` and `py` importable as fastest's own, ahead of everything else but a package `py`.

Installed once in a process, by a run or by a start file: that of children of a run, or that of `fastest takeover on`. Also answers `importlib.metadata` for
`pytest` and `pluggy` in look-ups without a path of their own.
"""

import os
import sys
from _frozen_importlib_external import PathFinder

COMPAT = __file__.rpartition("facade.py")[0] + "compat"
NAMES = frozenset(("pytest", "_pytest", "pluggy", "py"))
DISTRIBUTIONS = ("pytest", "pluggy")  # folders of compat/distributions; wheels may not contain foreign *.dist-info


class FacadeFinder:
    """A meta path finder (`importlib.abc.MetaPathFinder`) for the names above."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if path is not None or name not in NAMES:
            return None
        if name == "py":
            installed = PathFinder.find_spec(name, None, target)
            if installed and installed.origin and installed.submodule_search_locations:
                return installed
        return PathFinder.find_spec(name, [COMPAT], target)

    @staticmethod
    def find_distributions(context):
        if context.path is not sys.path and context.path != sys.path:
            return
        from importlib.metadata import PathDistribution
        from pathlib import Path

        for name in DISTRIBUTIONS:
            if context.name is None or context.name.lower() == name:
                yield PathDistribution(Path(COMPAT, "distributions", name))

    @staticmethod
    def invalidate_caches():
        """Nothing is cached."""


def put_finder():
    """Put the finder first. Idempotent."""
    if FacadeFinder not in sys.meta_path:
        sys.meta_path.insert(0, FacadeFinder)


def install():
    """Put the finder first, and let child processes do the same (see `children.py`)."""
    os.environ["FASTEST_CHILDREN"] = "1"
    put_finder()


def put_modules():
    """Put the facade's modules into `sys.modules` for a run that begins in this process; their files are executed when
    somebody asks them for something."""
    if os.environ.get("FASTEST_LOOKERS") != "all":
        from fastest import _engine

        _engine.install_facades(COMPAT + "/")


def put_other_modules():
    """The same where `pytest` or `_pytest` is imported before a run, as the scripts of pytest do, in processes that a start
    file has prepared."""
    prepared_by = sys.modules.get("fastest.takeover") or sys.modules.get("fastest.children")
    if prepared_by and not prepared_by.LOOKERS:
        from fastest import _engine

        _engine.install_other_facades(COMPAT + "/")
