"""The options that markers leave on functions."""

from __future__ import annotations

from fastest._engine import elsewhere as _elsewhere
from fastest._engine import pluggy_config as _room

normalize_hookimpl_opts = _room.normalize_hookimpl_opts
__dir__ = _elsewhere.names(__name__, "HookimplOpts HookspecOpts")


def __getattr__(name):
    if name not in ("HookimplOpts", "HookspecOpts"):
        return _elsewhere.find(__name__, name, "HookimplOpts HookspecOpts")
    from collections.abc import Mapping
    from typing import TypedDict

    class HookspecOpts(TypedDict):
        """Options of a hook specification."""

        firstresult: bool
        historic: bool
        warn_on_impl: Warning | None
        warn_on_impl_args: Mapping[str, Warning] | None

    class HookimplOpts(TypedDict):
        """Options of a hook implementation."""

        wrapper: bool
        hookwrapper: bool
        optionalhook: bool
        tryfirst: bool
        trylast: bool
        specname: str | None

    for made in (HookspecOpts, HookimplOpts):
        made.__qualname__ = made.__name__
        globals()[made.__name__] = made
    return globals()[name]
