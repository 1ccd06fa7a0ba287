"""`python -m pytest`."""

from _pytest.config import _console_main

if __name__ == "__main__":
    raise SystemExit(_console_main())
