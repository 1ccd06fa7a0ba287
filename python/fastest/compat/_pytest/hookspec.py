"""The hooks that plugins can implement."""

from fastest._engine import hookspec as _room
from pluggy import HookspecMarker

hookspec = HookspecMarker("pytest")

globals().update((name, value) for name, value in vars(_room).items() if name.startswith("pytest_"))
