"""Sends results to bpa.st. The engine's `pastebin`."""

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import pastebin as _pastebin

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

create_new_paste = _pastebin.create_new_paste
pastebinfile_key = _pastebin.pastebinfile_key
pytest_addoption = _pastebin.pytest_addoption
pytest_configure = _pastebin.pytest_configure
pytest_terminal_summary = _pastebin.pytest_terminal_summary
pytest_unconfigure = _pastebin.pytest_unconfigure
