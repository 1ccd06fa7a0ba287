__commit_id__: str | None
__version__: str
__version_tuple__: tuple[int | str, ...]
commit_id: str | None
version: str
version_tuple: tuple[int | str, ...]

__all__ = ["__commit_id__", "__version__", "__version_tuple__", "commit_id", "version", "version_tuple"]
