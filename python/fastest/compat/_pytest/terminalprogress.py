"""Opt-in plugin: progress in tabs of terminals. Implemented in src/engine/terminal/progress_plugin.cpp."""

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import terminalprogress as _native

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

pytest_configure = _native.pytest_configure
