"""1,000 sessions in one process: no engine object stays alive, and the process does not grow.

Run by `python tests/memory/nested_sessions.py [COUNT]` with an interpreter that has fastest. Prints the growth in kB from the 200th session on;
exit status 1 when it is 2 MB or more, or when nodes of a finished session live. On a build with FASTEST_COUNTERS
nodes are counted instead of memory, which the sanitizers keep: the first session stays, as its hook is the loader of the test module; no other.
"""

from __future__ import annotations

import contextlib
import gc
import io
import os
import sys
import tempfile
import weakref
from pathlib import Path

import fastest
from fastest import _engine

SUITE = """
import pytest

@pytest.fixture(scope="session")
def wide():
    yield []

@pytest.fixture(params=[1, 2])
def narrow(request, wide):
    yield request.param

class TestA:
    def test_pass(self, narrow, tmp_path):
        assert narrow

    def test_fail(self):
        assert [1, 2] == [1, 3]

@pytest.mark.parametrize("a", "xy")
@pytest.mark.xfail
def test_xfail(a, capsys):
    assert a == "x"

def test_log(caplog, monkeypatch):
    monkeypatch.setenv("A", "B")
"""


COUNTS = hasattr(_engine.nodes, "live_nodes")


def live_nodes() -> int:
    return _engine.nodes.live_nodes() if COUNTS else 0


class Watch:
    def __init__(self) -> None:
        self.seen: list[weakref.ref] = []

    def pytest_collection_finish(self, session) -> None:
        self.seen += [weakref.ref(session), weakref.ref(session.config), *map(weakref.ref, session.items)]


def resident_kb() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    warm_up = min(200, count // 2)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "test_suite.py").write_text(SUITE)
        os.chdir(folder)
        alive = base = nodes = 0
        for number in range(count):
            watch = Watch()
            with contextlib.redirect_stdout(io.StringIO()):
                code = fastest.main(["-q", "-p", "no:cacheprovider", "--basetemp=tmp", "test_suite.py"], plugins=[watch])
            assert code == 1, code
            if number % 50 == 49:
                gc.collect()
                alive += sum(ref() is not None for ref in watch.seen)
            if number + 1 == warm_up:
                gc.collect()
                base, nodes = resident_kb(), live_nodes()
    gc.collect()
    growth, more_nodes = resident_kb() - base, live_nodes() - nodes
    print(f"{count} sessions: {growth} kB more than after {warm_up}, {alive} nodes, sessions or configs alive")
    if COUNTS:
        print(f"{more_nodes} nodes more")
    problems = [alive > 0, more_nodes > 0 if COUNTS else growth >= 2048]
    print(f"{problems.count(False)} passed, {problems.count(True)} failed")
    return int(any(problems))


if __name__ == "__main__":
    sys.exit(main())
