"""Programs end without finalizing the interpreter when no object would notice, and only then.

    leaving.py
"""

import os
import pathlib
import subprocess
import sys
import tempfile

PLAIN = """
import pytest


@pytest.fixture
def value():
    yield 1


@pytest.mark.parametrize("number", range(3))
def test_value(value, number, tmp_path, capsys):
    print(number)
    assert value


def test_fails():
    assert 0
"""
HELD = """
import pathlib

held = []


def test_holds_{name}(request):
    held.append({value})
    {more}
"""
KINDS = {
    "a_file": ("open(__file__)", ""),
    "a_generator": ("(number for number in range(9))", "next(held[0])"),
    "a_native_generator": (
        "request.config.pluginmanager.get_plugin('capturemanager').pytest_runtest_setup(request.node)",
        "next(held[0])",
    ),
    "an_object_with_a_finalizer": ("type('Loud', (), {'__del__': lambda self: None})()", ""),
}


def ways_out(folder, text):
    """How often the short way was taken and left."""
    (folder / "test_it.py").write_text(text)
    counts = folder / "counts.txt"
    counts.unlink(missing_ok=True)
    command = [sys.executable, "-m", "fastest", "-q", "-p", "no:cacheprovider"]
    environment = {**os.environ, "FASTEST_SHORT_CUTS": str(counts), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
    [line] = [line for line in counts.read_text().splitlines() if line.startswith("py.no_teardown ")]
    return tuple(map(int, line.split()[1:]))


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        assert ways_out(folder, PLAIN) == (1, 0), "a plain suite is taken apart at its end"
        for kind, (value, more) in KINDS.items():
            assert ways_out(folder, HELD.format(name=kind, value=value, more=more)) == (0, 1), kind
    print(f"{len(KINDS) + 1} passed")


if __name__ == "__main__":
    main()
