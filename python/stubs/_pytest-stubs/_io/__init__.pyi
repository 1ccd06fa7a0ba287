from _pytest._io.terminalwriter import TerminalWriter as TerminalWriter, get_terminal_width as get_terminal_width

__all__ = ["TerminalWriter", "get_terminal_width"]
