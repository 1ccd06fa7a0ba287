from collections.abc import Mapping
from typing import TypedDict

class HookimplOpts(TypedDict):
    wrapper: bool
    hookwrapper: bool
    optionalhook: bool
    tryfirst: bool
    trylast: bool
    specname: str | None

class HookspecOpts(TypedDict):
    firstresult: bool
    historic: bool
    warn_on_impl: Warning | None
    warn_on_impl_args: Mapping[str, Warning] | None

def normalize_hookimpl_opts(opts: HookimplOpts) -> None: ...
