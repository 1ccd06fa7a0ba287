"""Input and output of the terminal."""

from .terminalwriter import TerminalWriter, get_terminal_width

__all__ = ["TerminalWriter", "get_terminal_width"]
