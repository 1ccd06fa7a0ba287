"""Input and output of the terminal."""

from fastest._engine import elsewhere as _elsewhere

from .terminalwriter import TerminalWriter, get_terminal_width

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

__all__ = ["TerminalWriter", "get_terminal_width"]
