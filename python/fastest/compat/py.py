"""What is left of the library `py`: its paths and errors. An installed `py` package comes before this file."""

import sys

import _pytest._py.error as error
import _pytest._py.path as path

sys.modules["py.error"] = error
sys.modules["py.path"] = path

__all__ = ["error", "path"]
