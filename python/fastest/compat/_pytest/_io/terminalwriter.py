"""Writing to terminals and files. Implemented in src/engine/terminal/writer.cpp."""

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import io_terminalwriter as _native

from .wcwidth import wcswidth

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

TerminalWriter = _native.TerminalWriter
get_terminal_width = _native.get_terminal_width
should_do_markup = _native.should_do_markup
