"""Changing things for the time of a test."""

from __future__ import annotations

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import monkeypatch as _room

from _pytest.fixtures import fixture

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

MonkeyPatch = _room.MonkeyPatch
_is_data_descriptor = _room._is_data_descriptor
annotated_getattr = _room.annotated_getattr
derive_importpath = _room.derive_importpath
resolve = _room.resolve


@fixture
def monkeypatch() -> Generator[MonkeyPatch]:
    """A convenient fixture for monkey-patching.

    Its methods ``setattr``, ``delattr``, ``setitem``, ``delitem``, ``setenv``, ``delenv``, ``syspath_prepend`` and
    ``chdir`` change attributes, mappings, the environment, the import path and the current directory. All of it is
    undone when the test or fixture that asked for it has finished; ``context()`` undoes it at the end of a block.
    """
    patch = MonkeyPatch()
    yield patch
    patch.undo()
