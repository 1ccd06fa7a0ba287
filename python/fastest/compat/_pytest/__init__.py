"""The modules behind `pytest`, under the names that plugins know."""

from _pytest._version import version as __version__
from _pytest._version import version_tuple

__all__ = ["__version__", "version_tuple"]
