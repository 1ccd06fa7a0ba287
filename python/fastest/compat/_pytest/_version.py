"""The version of pytest that this behaves as."""

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import pytest_version as _room

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

__all__ = ["__version__", "__version_tuple__", "version", "version_tuple", "__commit_id__", "commit_id"]

__version__ = version = _room.version
__version_tuple__ = version_tuple = _room.version_tuple
__commit_id__ = commit_id = None
