from _pytest._version import version as __version__, version_tuple as version_tuple

__all__ = ["__version__", "version_tuple"]
