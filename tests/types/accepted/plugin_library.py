"""pluggy, used by itself."""

from __future__ import annotations

from collections.abc import Generator
from types import ModuleType

import pluggy

spec = pluggy.HookspecMarker("own")
impl = pluggy.HookimplMarker("own")


class Specs:
    @spec(firstresult=True, historic=False)
    def first(self, one: int, two: str = "x") -> int | None: ...

    @spec
    def plain(self) -> None: ...


class Plugin:
    @impl
    def plain(self) -> None: ...

    @impl(wrapper=True, tryfirst=True)
    def first(self, one: int) -> Generator[None, int, int]:
        return (yield)


manager = pluggy.PluginManager("own")
manager.add_hookspecs(Specs)
reveal_type(manager.register(Plugin(), name="plugin"))
reveal_type(manager.unregister(name="plugin"))
reveal_type(manager.hook)
reveal_type(manager.hook.first)
reveal_type(manager.hook.first(one=1))
reveal_type(manager.hook.first.call_extra([lambda one: one], {"one": 1}))
manager.hook.first.call_historic(result_callback=print, kwargs={"one": 1})
reveal_type(manager.hook.first.get_hookimpls())
reveal_type(manager.hook.first.spec)
reveal_type(manager.get_plugins())
reveal_type(manager.get_plugin("plugin"))
reveal_type(manager.get_name(object()))
reveal_type(manager.get_canonical_name(object()))
reveal_type(manager.list_name_plugin())
reveal_type(manager.list_plugin_distinfo())
reveal_type(manager.load_setuptools_entrypoints("own", name=None))
reveal_type(manager.subset_hook_caller("first", [object()]))
reveal_type(manager.add_hookcall_monitoring(lambda name, impls, kwargs: None, lambda outcome, name, impls, kwargs: None))
reveal_type(manager.enable_tracing())
reveal_type(manager.get_hookcallers(object()))
reveal_type(manager.parse_hookimpl_opts(object(), "name"))
reveal_type(manager.parse_hookspec_opts(ModuleType("x"), "name"))
reveal_type(Specs.first)
reveal_type(Plugin.first)
reveal_type(impl)
reveal_type(spec)
reveal_type(pluggy.Result.from_call(lambda: 1))
reveal_type(pluggy.Result.from_call(lambda: 1).get_result())
reveal_type(pluggy.HookimplOpts)
reveal_type(pluggy.__version__)


def own(options: pluggy.HookimplOpts, implementation: pluggy.HookImpl, error: pluggy.PluginValidationError) -> None:
    reveal_type(options["specname"])
    reveal_type(implementation.function)
    reveal_type(implementation.plugin_name)
    reveal_type(error.plugin)
    if options["wrapper"]:
        raise pluggy.HookCallError
