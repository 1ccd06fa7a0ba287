"""Columns of characters. Implemented in src/engine/terminal/width.cpp."""

from fastest._engine import io_wcwidth as _native

wcwidth = _native.wcwidth
wcswidth = _native.wcswidth
