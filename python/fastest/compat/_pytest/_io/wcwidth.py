"""Columns of characters. Implemented in src/engine/terminal/width.cpp."""

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import io_wcwidth as _native

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

wcwidth = _native.wcwidth
wcswidth = _native.wcswidth
