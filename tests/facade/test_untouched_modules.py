"""Facade modules that nobody has touched give what their files give.

Each test runs in a fresh interpreter, as the modules are put into `sys.modules` once in a process.
"""

import os
import subprocess
import sys
import textwrap

INSTALL = """
import sys
from fastest import facade
facade.install()
facade.put_modules()
from fastest import _engine

def untouched(module):
    return type(module) is not type(sys)
"""


IMPORT = """
import sys
import fastest.children  # what the start file of a run's children imports

def untouched(module):
    return type(module) is not type(sys)
"""


def run(code, install=INSTALL):
    environment = {name: value for name, value in os.environ.items() if name != "FASTEST_LOOKERS"}
    program = install + textwrap.dedent(code)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment)
    assert not done.stderr
    return done.stdout


def test_values_are_those_of_the_file():
    assert run("""
        modules = {name: module for name, module in sys.modules.items() if untouched(module)}
        assert len(modules) > 60
        early = {}
        for namespace in _engine.namespaces:
            for attribute in dir(getattr(_engine, namespace)):
                for name, module in modules.items():
                    if attribute.startswith("__") or not untouched(module):
                        continue
                    value = _engine.untouched_value(module, attribute)
                    if value is not ...:
                        early[name, attribute] = value
        assert len(early) > 500
        for (name, attribute), value in early.items():
            file_value = vars(modules[name]).get(attribute, ...)
            if file_value is not value:
                print(name, attribute)
        """) == ""


def test_touched_by_dict_dir_and_assignment():
    assert run("""
        import _pytest.recwarn, _pytest.scope, _pytest.stash
        print(untouched(_pytest.recwarn), untouched(_pytest.scope), untouched(_pytest.stash))
        "warns" in vars(_pytest.recwarn), dir(_pytest.scope)
        _pytest.stash.Stash = None
        print(untouched(_pytest.recwarn), untouched(_pytest.scope), untouched(_pytest.stash), _pytest.stash.Stash)
        """) == "True True True\nFalse False False None\n"


def test_what_the_import_system_gives():
    assert run("""
        import _pytest.mark, _pytest.recwarn, types
        for module in (_pytest.mark, _pytest.recwarn):
            print(untouched(module), module.__name__, module.__file__[-20:], module.__spec__.name, module.__package__)
            print(isinstance(module, types.ModuleType), module.__class__ is types.ModuleType)
        print(untouched(_pytest.mark), len(_pytest.mark.__path__), hasattr(_pytest.recwarn, "__path__"))
        print(type(_pytest.mark)("plain"))
        """) == (
        "True _pytest.mark est/mark/__init__.py _pytest.mark _pytest.mark\nTrue True\n"
        "True _pytest.recwarn t/_pytest/recwarn.py _pytest.recwarn _pytest\nTrue True\n"
        "True 1 False\n<module 'plain'>\n"
    )


def test_hooks_of_builtin_plugins():
    assert run("""
        from _pytest.config import builtin_plugins
        from _pytest.fixtures import FixtureFunctionDefinition
        for plugin in sorted(builtin_plugins):
            module = sys.modules.get("_pytest." + plugin)
            if module is None or not untouched(module):
                continue
            hooks, fixtures = _engine.untouched_hooks(module), _engine.has_untouched_fixtures(module)
            if hooks is not None:
                file_hooks = [(name, value) for name, value in sorted(vars(module).items()) if name.startswith("pytest_")]
                if plugin == "mark":  # its file has a Python function that calls the namespace's
                    hooks, file_hooks = ([hook for hook in some if hook[0] != "pytest_configure"] for some in (hooks, file_hooks))
                if hooks != file_hooks:
                    print(plugin, hooks, file_hooks)
            if fixtures != any(type(value) is FixtureFunctionDefinition for value in vars(module).values()):
                print(plugin, fixtures)
        """) == ""


def test_where_pytest_is_imported_before_a_run():
    assert run("""
        import pytest
        from _pytest.config import _console_main
        import _pytest.recwarn
        print(untouched(pytest), untouched(_pytest), untouched(_pytest.recwarn), untouched(_pytest.config))
        print(_pytest.recwarn is sys.modules["_pytest.recwarn"], _pytest.recwarn.warns is pytest.warns, pytest.__version__)
        """, IMPORT) == "False False True True\nTrue True 9.2.0\n"
    assert run("""
        import pluggy, pytest, _pytest.recwarn
        print(untouched(_pytest.recwarn))
        """, IMPORT) == "False\n"
    assert run("""
        import pytest
        for name in [name for name in sys.modules if name.partition(".")[0] in ("pytest", "_pytest", "pluggy")]:
            del sys.modules[name]
        import pytest, _pytest.recwarn
        print(untouched(_pytest.recwarn), _pytest.recwarn.warns is pytest.warns)
        """, IMPORT) == "False True\n"
