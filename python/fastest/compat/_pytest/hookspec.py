"""The hooks that plugins can implement."""

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import hookspec as _room
from pluggy import HookspecMarker

__getattr__ = _elsewhere.of(__name__)
__dir__ = _elsewhere.names(__name__)

hookspec = HookspecMarker("pytest")

globals().update((name, value) for name, value in vars(_room).items() if name.startswith("pytest_"))
