"""The parts of `py.path.local`, a file each; the class and its errors are in `_pytest._py`."""
