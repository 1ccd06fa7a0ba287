"""fastest with one feature broken: `PARITY_MUTANT=option:--maxfail python -m parity_mutant ARGS` (see mutate.py).

The feature is named as in `covers:` lines. It is broken by Python means before the run starts, where a user's patch would be seen as well.
"""

import os
import sys

KIND, _, NAME = os.environ.pop("PARITY_MUTANT", "").partition(":")


class Broken:
    """Takes whatever it is called with and does nothing."""

    def __init__(self, *args, **kwargs):
        pass

    def __call__(self, *args, **kwargs):
        return None


def break_option():
    """The option is parsed, and its place in `config.option` keeps the default."""
    from _pytest.config.argparsing import OptionGroup

    def wrap(method):
        def add(self, *words, **kwargs):
            if NAME in words:
                dest = kwargs.get("dest") or next((w for w in words if w.startswith("--")), words[0]).lstrip("-").replace("-", "_")
                known = {k: kwargs[k] for k in ("default",) if k in kwargs}
                if kwargs.get("action") in ("store_true", "store_false"):
                    known["action"] = kwargs["action"]
                method(self, f"--unbroken-{dest}", dest=dest, **known)
                kwargs = {**kwargs, "dest": "broken_" + dest}
            return method(self, *words, **kwargs)

        return add

    OptionGroup.addoption = wrap(OptionGroup.addoption)
    OptionGroup._addoption = wrap(OptionGroup._addoption)


def break_hook():
    """Nobody's implementation of it is found but the engine's own."""
    from _pytest.config import PytestPluginManager

    original = PytestPluginManager.parse_hookimpl_opts

    def parse_hookimpl_opts(self, plugin, name):
        module = plugin.__name__ if isinstance(plugin, type(os)) else type(plugin).__module__
        if name == NAME and not module.startswith("_pytest"):
            return None
        return original(self, plugin, name)

    PytestPluginManager.parse_hookimpl_opts = parse_hookimpl_opts


def break_fixture():
    """A plugin has another fixture of that name."""
    import types

    import pytest

    plugin = sys.modules["parity_broken_fixture"] = types.ModuleType("parity_broken_fixture")
    scope = "session" if NAME in ("tmp_path_factory", "tmpdir_factory", "pytestconfig", "record_testsuite_property") else "function"

    @pytest.fixture(name=NAME, scope=scope)
    def broken():
        return Broken()

    plugin.broken = broken
    sys.argv[1:1] = ["-p", "parity_broken_fixture"]


def break_ini():
    """Files and the command line do not give it a value."""
    from _pytest.config import Config

    original = Config.getini

    def getini(self, name):
        if name == NAME:
            self._inicfg.pop(name, None)
        return original(self, name)

    Config.getini = getini


def break_mark():
    import pytest

    kind = type(pytest.mark)
    original = kind.__getattr__
    kind.__getattr__ = lambda self, name: original(self, "broken_" + name if name == NAME else name)


def break_name(*modules):
    """The name stands for something that does nothing."""
    import importlib

    for module in map(importlib.import_module, modules):
        if hasattr(module, NAME):
            setattr(module, NAME, Broken if isinstance(getattr(module, NAME), type) else Broken())


def break_env():
    """It is not set, and cannot be."""
    kind = type(os.environ)
    original = kind.__setitem__
    os.environ.pop(NAME, None)
    kind.__setitem__ = lambda self, name, value: None if name == NAME else original(self, name, value)


def break_warning():
    import pytest
    from _pytest import warning_types

    broken = type("Broken" + NAME, (UserWarning,), {"format": classmethod(lambda cls, *a, **k: cls("broken"))})
    for module in (pytest, warning_types):
        setattr(module, NAME, broken)


def main():
    import fastest
    from fastest import facade

    facade.install()
    from _pytest.config import ExitCode, _console_main

    sys.argv[0] = fastest.__file__.replace("__init__", "__main__")
    if KIND in ("api", "pluggy"):
        break_name(*(("pytest",) if KIND == "api" else ("pluggy",)))
    elif KIND and KIND != "exit":
        globals()["break_" + KIND]()
    code = _console_main()
    sys.exit(90 if KIND == "exit" and code == ExitCode[NAME] else code)


if __name__ == "__main__":
    main()
