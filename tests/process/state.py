"""Loading fastest reads nothing of the process, and a process that loaded it long ago runs as a fresh one.

Run by `python tests/process/state.py` with an interpreter that has fastest. `--load` imports the extension and every module of the facade
while reading the environment, cwd, argv, pid, clock or a descriptor is refused. The main program runs that, then runs one suite in three
ways that must give the same screen, exit code and files: in a fresh process; in one that loaded everything elsewhere with another
environment before it became what the fresh one is; and in one that also ran another suite there.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import_time_readers = {  # what pytest's module of this name reads when it is imported, too
    "_pytest._argcomplete": "imported for shell completion alone",
    "logging": "the standard library's own start time",
}

SUITE = {
    "pytest.ini": "[pytest]\naddopts = -rA\n",
    "conftest.py": """
import os

def pytest_report_header(config):
    return f"args={config.invocation_params.args} dir={config.invocation_params.dir.name} home={os.path.expanduser('~')}"
""",
    "test_state.py": """
import os
import subprocess
import sys
import warnings

import pytest

def test_place(tmp_path, pytestconfig):
    print(tmp_path.parent, pytestconfig.rootpath.name, os.getcwd(), os.environ["STATE"], sys.argv[1:], sys.path[0])

def test_long_message():
    assert list(range(100)) == [*range(50), 7, *range(51, 100)]

def test_current():
    assert os.environ["PYTEST_CURRENT_TEST"] == ""

def test_warning():
    warnings.warn("something")

def test_child():
    print(subprocess.run([sys.executable, "-c", "import pytest; print(pytest.__version__)"], capture_output=True, text=True).stdout)

@pytest.mark.skipif("os.environ.get('STATE') == 'new'")
def test_condition():
    pass
""",
}
ELSEWHERE = {"test_before.py": "def test_before(tmp_path, capsys):\n    print('earlier')\n    assert 0\n"}

WARM = """
import os, sys
sys.path[0] = ""
from pathlib import Path
sys.path.insert(0, {here!r})
import state
sys.path.remove({here!r})
state.load()
if {earlier}:
    import contextlib, io, fastest
    with contextlib.redirect_stdout(io.StringIO()):
        fastest.main(["--color=yes", "-q"])
    import tempfile
    tempfile.tempdir = None  # the standard library's memory of TMPDIR
os.chdir({folder!r})
os.environ.clear()
os.environ.update({env!r})
sys.argv[1:] = {args!r}
from fastest import facade
facade.install()
from _pytest.config import _console_main
sys.exit(_console_main())
"""


class Refused(Exception):
    """Something read what it should not."""


def load() -> list[str]:
    """Import the extension and all of the facade. Gives the names of modules."""
    from fastest import _engine, facade

    facade.install()
    import _pytest

    names = [m.name for m in pkgutil.walk_packages(_pytest.__path__, "_pytest.") if m.name not in import_time_readers]
    for name in ["pluggy", "pytest", "py", *names]:
        importlib.import_module(name)
    return [_engine.__name__, *names]


def load_refusing() -> int:
    import logging  # noqa: F401
    import time

    from fastest import facade  # a run's start sets FASTEST_CHILDREN for its children

    facade.install()

    def refuse(*_args, **_kwargs):
        raise Refused

    class NoEnvironment:
        __contains__ = __getattr__ = __getitem__ = refuse

    for name in ("getcwd", "getpid", "getenv", "dup", "isatty", "get_terminal_size"):
        setattr(os, name, refuse)
    for name in ("time", "perf_counter", "monotonic"):
        setattr(time, name, refuse)
    facade.install = lambda: None
    os.environ = NoEnvironment()  # noqa: B003
    del sys.argv
    print(len(load()), "modules")
    return 0


def write(folder: Path, files: dict[str, str]) -> None:
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text)


def run(work: Path, kind: str) -> tuple[int, str, list[str]]:
    folder, elsewhere = work / kind / "suite", work / kind / "elsewhere"
    write(folder, SUITE)
    write(elsewhere, ELSEWHERE)
    scratch = work / kind / "tmp"
    scratch.mkdir()
    kept = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # plugins may read what they like
    kept |= {k: v for k, v in os.environ.items() if k in ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "LD_PRELOAD", "ASAN_OPTIONS")}
    new = {**kept, "STATE": "new", "TMPDIR": str(scratch), "COLUMNS": "90", "HOME": "/new", "CI": "1", "PYTEST_ADDOPTS": "-v", "LANG": "C.UTF-8"}
    old = {**kept, "STATE": "old", "COLUMNS": "200", "HOME": "/old", "PY_COLORS": "1", "FASTEST_LOOKERS": "all", "LANG": "C.UTF-8", "TERM": "xterm"}
    args = ["-p", "no:randomly", "test_state.py"]
    if kind == "fresh":
        command, cwd, env = [sys.executable, "-m", "fastest", *args], folder, new
    else:
        env = {**new, "FASTEST_CHILDREN": "1"}
        text = WARM.format(here=str(Path(__file__).parent), folder=str(folder), env=env, args=args, earlier=kind == "after a run")
        command, cwd, env = [sys.executable, "-c", text], elsewhere, old
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=120)
    screen = re.sub(r"\d\.\d\ds|0x[0-9a-f]+|pytest-\d+", "...", (done.stdout + done.stderr).replace(str(work / kind), "WORK"))
    screen = re.sub(r"python -m pytest|\bpytest\b", "PROGRAM", screen)
    return done.returncode, screen, sorted(str(p.relative_to(folder)) for p in folder.rglob("*"))


def main() -> int:
    if sys.argv[1:] == ["--load"]:
        return load_refusing()
    failed = subprocess.run([sys.executable, __file__, "--load"]).returncode != 0
    with tempfile.TemporaryDirectory() as work:
        fresh = run(Path(work), "fresh")
        for kind in ("loaded", "after a run"):
            warm = run(Path(work), kind)
            if warm != fresh:
                failed = True
                print(f"--- {kind}: exit {warm[0]}, fresh: {fresh[0]}; files {set(warm[2]) ^ set(fresh[2])}")
                import difflib

                print(*difflib.unified_diff(fresh[1].splitlines(), warm[1].splitlines(), "fresh", kind, lineterm=""), sep="\n")
    print("process state:", "FAILED" if failed else "nothing is read at load, a warm process runs as a fresh one")
    return failed


if __name__ == "__main__":
    sys.exit(main())
