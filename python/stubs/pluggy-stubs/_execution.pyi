from collections.abc import Generator, Mapping, Sequence
from typing import NoReturn, TypeAlias

from pluggy._impl import HookImpl as HookImpl
from pluggy._result import HookCallError as HookCallError
from pluggy._result import Result as Result
from pluggy._warnings import PluggyTeardownRaisedWarning as PluggyTeardownRaisedWarning

Teardown: TypeAlias = Generator[None, object, object]

def _multicall(hook_name: str, hook_impls: Sequence[HookImpl], caller_kwargs: Mapping[str, object], firstresult: bool) -> object | list[object]: ...
def _raise_wrapfail(wrap_controller: Generator[None, object, object], msg: str) -> NoReturn: ...
def _warn_teardown_exception(hook_name: str, hook_impl: HookImpl, e: BaseException) -> None: ...
def run_old_style_hookwrapper(hook_impl: HookImpl, hook_name: str, args: Sequence[object], kwargs: Mapping[str, object] | None) -> Teardown: ...
