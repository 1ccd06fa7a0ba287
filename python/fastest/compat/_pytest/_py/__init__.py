"""The parts of the library `py` that belong to pytest."""
