"""The version of pytest that this behaves as."""

__all__ = ["__version__", "__version_tuple__", "version", "version_tuple", "__commit_id__", "commit_id"]

__version__ = version = "9.2.0"
__version_tuple__ = version_tuple = (9, 2, 0)
__commit_id__ = commit_id = None
